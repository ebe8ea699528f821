"""Two records of one person may become one: the journal of it, a pointer in place of the other record, and rows that follow it."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import ledger.references
from ledger import row_security as rs
from ledger.merges import follow

# Every table of this room whose rows go over in a merge: search keys are worked out again and need none.
FOLLOWING = (
    "membership", "phone", "emailaddress", "warning", "accessgrant", "characteristics", "residentaddress", "chronologyentry",
    "involvement", "agreement", "personwhomatters", "restriction",
)  # fmt: skip
OPEN_BEFORE = f"{rs.STAFF} AND (NOT restricted OR {rs.SYSTEM} OR id IN (SELECT acting.my_residents()))"
OPEN = f"{OPEN_BEFORE} AND (merged_into_id IS NULL OR {rs.SYSTEM})"
MANAGES = "(SELECT acting.role()) IN ('manager', 'system')"
SEEN = "(acting.role() = 'system' OR (acting.is_staff() AND (NOT stands.restricted OR stands.id IN (SELECT acting.my_residents()))))"
FUNCTIONS = f"""
CREATE FUNCTION acting.follow_merge() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE stands bigint;
BEGIN
  -- The lock is the one that the foreign key takes anyway: it waits for a merge that is on its way.
  IF TG_NARGS = 0 THEN
    SELECT merged_into_id INTO stands FROM public.residents_resident WHERE id = NEW.resident_id FOR KEY SHARE;
    IF stands IS NOT NULL THEN
      NEW.resident_id := stands;
    END IF;
  ELSE
    SELECT merged_into_id INTO stands FROM public.residents_resident
      WHERE id = (to_jsonb(NEW) ->> TG_ARGV[0])::bigint FOR KEY SHARE;
    IF stands IS NOT NULL THEN
      NEW := jsonb_populate_record(NEW, jsonb_build_object(TG_ARGV[0], stands));
    END IF;
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION acting.follow_merge() FROM PUBLIC;
CREATE FUNCTION acting.retell(entries bigint[], of_one bigint, of_another bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE told bigint;
BEGIN
  IF acting.role() IS DISTINCT FROM 'system' THEN
    RAISE EXCEPTION 'only a merge may retell a story' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE public.residents_chronologyentry SET resident_id = of_another WHERE id = ANY(entries) AND resident_id = of_one;
  GET DIAGNOSTICS told = ROW_COUNT;
  RETURN told;
END $$;
REVOKE ALL ON FUNCTION acting.retell(bigint[], bigint, bigint) FROM PUBLIC;
CREATE FUNCTION acting.merged_names(people bigint[])
RETURNS TABLE (stands_in bigint, name text, preferred_name text, holds boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 10 SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY
  SELECT stands.id, former.name::text, former.preferred_name::text, true
  FROM public.residents_resident stands JOIN public.residents_resident former ON former.merged_into_id = stands.id
  WHERE stands.id = ANY(people) AND {SEEN};
  IF FOUND THEN
  RETURN QUERY
  SELECT stands.id, was.name::text, was.preferred_name::text, true
  FROM public.residents_resident stands JOIN public.residents_resident former ON former.merged_into_id = stands.id
  JOIN public.residents_residenthistory was ON was.pgh_obj_id = former.id
  WHERE stands.id = ANY(people) AND {SEEN};
  END IF;
  -- What a record was called by a merge that has been undone is not its name.
  RETURN QUERY
  SELECT stands.id, coalesce(done.after ->> 'name', ''), coalesce(done.after ->> 'preferred_name', ''), false
  FROM public.residents_resident stands JOIN public.residents_merge undone ON undone.survivor_id = stands.id AND undone.undone_at IS NOT NULL
  JOIN public.residents_mergedrow done ON done.merge_id = undone.id AND done.model = 'residents.Resident' AND done.row = stands.id
  WHERE stands.id = ANY(people) AND {SEEN};
END
$$;
REVOKE ALL ON FUNCTION acting.merged_names(bigint[]) FROM PUBLIC;
CREATE FUNCTION acting.stands_for(by_reference text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT stands.reference
  FROM public.residents_resident former JOIN public.residents_resident stands ON stands.id = former.merged_into_id
  WHERE former.reference = by_reference AND {SEEN}
$$;
REVOKE ALL ON FUNCTION acting.stands_for(text) FROM PUBLIC;
"""
NO_FUNCTIONS = """
DROP FUNCTION acting.follow_merge() CASCADE;
DROP FUNCTION acting.retell(bigint[], bigint, bigint);
DROP FUNCTION acting.merged_names(bigint[]);
DROP FUNCTION acting.stands_for(text);
"""
ONE = """
CREATE OR REPLACE FUNCTION acting.resident_for(by_reference text, of_person bigint, asked_at timestamptz)
RETURNS SETOF public.residents_resident
LANGUAGE plpgsql STABLE SECURITY INVOKER ROWS 1 SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY SELECT r.* FROM public.residents_resident r WHERE r.reference = by_reference%s AND (NOT r.restricted OR r.id IN (
    SELECT g.resident_id FROM public.residents_accessgrant g
    WHERE g.user_id = of_person AND (g.until IS NULL OR g.until > asked_at)));
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("residents", "0015_walls_and_separations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", ledger.references.ReferenceField()),
                ("kept", models.JSONField(default=dict, help_text="Which record's value was kept, by field")),
                ("counts", models.JSONField(default=dict, help_text="How many rows went over, by kind")),
                (
                    "held",
                    models.JSONField(
                        default=dict, help_text="Keys of the rows that the record which stayed had itself, by model"
                    ),
                ),
                ("was_restricted", models.BooleanField(help_text="Whether the record that stayed was restricted then")),
                ("why", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undone_why", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="MergedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("model", models.CharField(help_text="Label of the model, cases.CaseMember", max_length=80)),
                ("row", models.BigIntegerField(help_text="Its key")),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="resident",
            name="changed_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="resident",
            name="deleted_delete",
        ),
        migrations.AddField(
            model_name="resident",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The record of the same person that stands in its place; seen by nobody while it is set",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_here",
                to="residents.resident",
            ),
        ),
        migrations.AddField(
            model_name="residenthistory",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="The record of the same person that stands in its place; seen by nobody while it is set",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="residents.resident",
            ),
        ),
        migrations.AddIndex(
            model_name="resident",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="residents_resident_merged",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resident",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "residents_residenthistory" ("birth", "born_on", "communication_needs", "created_at", "created_by_id", "died_on", "id", "language", "merged_into_id", "name", "needs_interpreter", "nhs_number", "pgh_created_at", "pgh_label", "pgh_obj_id", "preferred_name", "reference", "restricted", "version") VALUES (OLD."birth", OLD."born_on", OLD."communication_needs", OLD."created_at", OLD."created_by_id", OLD."died_on", OLD."id", OLD."language", OLD."merged_into_id", OLD."name", OLD."needs_interpreter", OLD."nhs_number", NOW(), \'changed\', OLD."id", OLD."preferred_name", OLD."reference", OLD."restricted", OLD."version"); RETURN NULL;',
                    hash="7eba8fcbd93f15dc1032060aa6602fcbfafad312",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_5ada9",
                    table="residents_resident",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="resident",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "residents_residenthistory" ("birth", "born_on", "communication_needs", "created_at", "created_by_id", "died_on", "id", "language", "merged_into_id", "name", "needs_interpreter", "nhs_number", "pgh_created_at", "pgh_label", "pgh_obj_id", "preferred_name", "reference", "restricted", "version") VALUES (OLD."birth", OLD."born_on", OLD."communication_needs", OLD."created_at", OLD."created_by_id", OLD."died_on", OLD."id", OLD."language", OLD."merged_into_id", OLD."name", OLD."needs_interpreter", OLD."nhs_number", NOW(), \'deleted\', OLD."id", OLD."preferred_name", OLD."reference", OLD."restricted", OLD."version"); RETURN NULL;',
                    hash="5f65e404c581e104d3e23ec3b27e7d65bc0c4f01",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_e3ac6",
                    table="residents_resident",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="resident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into", None), models.Q(("merged_into", models.F("pk")), _negated=True), _connector="OR"
                ),
                name="residents_resident_merged_elsewhere",
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="other",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="merges_away", to="residents.resident"
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="stands_in",
            field=models.ForeignKey(
                help_text="The record in which both stand now",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="residents.resident",
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="survivor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="merges", to="residents.resident"
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="undone_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="mergedrow",
            name="merge",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="residents.merge"
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at", None)), fields=("other",), name="residents_merge_one_standing"
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(("survivor", models.F("other")), _negated=True), name="residents_merge_of_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("undone_at", None), ("undone_why", "")),
                    models.Q(("undone_at__isnull", False), models.Q(("undone_why", ""), _negated=True)),
                    _connector="OR",
                ),
                name="residents_merge_undone_has_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="mergedrow",
            index=models.Index(fields=["model", "row"], name="residents_mergedrow_of"),
        ),
        migrations.AddConstraint(
            model_name="resident",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", None), ("restricted", True), _connector="OR"),
                name="residents_resident_pointer_closed",
            ),
        ),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(ONE % " AND r.merged_into_id IS NULL", ONE % ""),
        rs.protect_anew("residents_resident", read=OPEN, add=rs.STAFF, was={"read": OPEN_BEFORE, "add": rs.STAFF}),
        *rs.protect("residents_merge", read=f"{MANAGES} AND {rs.open_to_me('stands_in_id')}", write=rs.SYSTEM),
        *rs.protect("residents_mergedrow", read=rs.SYSTEM),
        *[follow(f"residents_{name}") for name in FOLLOWING],
        follow("residents_relationship", "first_id"),
        follow("residents_relationship", "second_id"),
        follow("residents_likelypair", "one_id"),
        follow("residents_likelypair", "other_id"),
        follow("residents_shownbefore", "begun_id"),
        follow("residents_shownbefore", "shown_id"),
    ]
