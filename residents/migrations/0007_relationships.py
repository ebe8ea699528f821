"""What residents are to each other, who matters to them elsewhere, and the wall between an alleged perpetrator and whom they harm.

The three functions give ids only: whom to leave out of the pages about an alleged perpetrator or a household, for whoever acts and
does not work with the victim; and whether somebody is in danger, which all staff may know, but not from whom.
"""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from ledger import row_security as rs

ME = "(SELECT acting.person())"
MY_TEAMS = f"(SELECT member.team_id FROM public.accounts_user_teams member WHERE member.user_id = {ME})"
# Who may know of an alleged perpetrator: whoever works with the victim, is named for them, or wrote it down; and duty managers.
KNOWS = f"""(recorded_by_id = {ME} OR {rs.SYSTEM}
  OR (SELECT EXISTS (SELECT 1 FROM public.accounts_user duty WHERE duty.id = {ME} AND duty.duty_manager))
  OR second_id IN (SELECT acting.my_residents())
  OR EXISTS (SELECT 1 FROM public.residents_involvement works WHERE works.resident_id = second_id AND works.until IS NULL
    AND (works.user_id = {ME} OR works.team_id IN {MY_TEAMS})))"""
FUNCTIONS = f"""
CREATE FUNCTION acting.behind_the_wall(of_one bigint) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog AS $$
  SELECT second_id FROM public.residents_relationship
  WHERE kind = 'alleged' AND until IS NULL AND first_id = of_one AND (SELECT acting.is_staff()) AND NOT {KNOWS}
$$;
CREATE FUNCTION acting.behind_the_walls_of(home bigint) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog AS $$
  SELECT second_id FROM public.residents_relationship
  WHERE kind = 'alleged' AND until IS NULL AND (SELECT acting.is_staff()) AND NOT {KNOWS}
    AND first_id IN (SELECT lives.resident_id FROM public.residents_membership lives WHERE lives.household_id = home)
$$;
CREATE FUNCTION acting.in_danger(people bigint[]) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog AS $$
  SELECT second_id FROM public.residents_relationship
  WHERE (SELECT acting.is_staff()) AND kind = 'alleged' AND until IS NULL AND second_id = ANY(people)
$$;
REVOKE ALL ON FUNCTION acting.behind_the_wall(bigint), acting.behind_the_walls_of(bigint), acting.in_danger(bigint[]) FROM PUBLIC;
"""
NO_FUNCTIONS = (
    "DROP FUNCTION acting.behind_the_wall(bigint), acting.behind_the_walls_of(bigint), acting.in_danger(bigint[])"
)
BOTH = f"{rs.STAFF} AND {rs.open_to_me('first_id')} AND {rs.open_to_me('second_id')} AND (kind <> 'alleged' OR {KNOWS})"
OF_RESIDENT = f"{rs.STAFF} AND {rs.open_to_me('resident_id')}"


class Migration(migrations.Migration):
    dependencies = [
        ("residents", "0006_keys_as_numbers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonWhoMatters",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("name", models.CharField(max_length=200)),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("parent", "Parent"),
                            ("child", "Child"),
                            ("partner", "Partner"),
                            ("former_partner", "Former partner"),
                            ("sibling", "Brother or sister"),
                            ("grandparent", "Grandparent"),
                            ("grandchild", "Grandchild"),
                            ("relative", "Other relative"),
                            ("carer", "Carer"),
                            ("friend", "Friend or neighbour"),
                            ("alleged", "Alleged perpetrator"),
                            ("other", "Other"),
                        ],
                        max_length=15,
                    ),
                ),
                ("phone", models.CharField(blank=True, help_text="International form: +447700900123", max_length=20)),
                (
                    "may_be_called",
                    models.BooleanField(default=False, help_text="The resident is content that we call them"),
                ),
                (
                    "lives",
                    models.CharField(blank=True, help_text="Where, in words: Leeds, with his mother", max_length=200),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people_who_matter",
                        to="residents.resident",
                    ),
                ),
            ],
            options={
                "ordering": ["since", "id"],
            },
        ),
        migrations.CreateModel(
            name="PersonWhoMattersHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("name", models.CharField(max_length=200)),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("parent", "Parent"),
                            ("child", "Child"),
                            ("partner", "Partner"),
                            ("former_partner", "Former partner"),
                            ("sibling", "Brother or sister"),
                            ("grandparent", "Grandparent"),
                            ("grandchild", "Grandchild"),
                            ("relative", "Other relative"),
                            ("carer", "Carer"),
                            ("friend", "Friend or neighbour"),
                            ("alleged", "Alleged perpetrator"),
                            ("other", "Other"),
                        ],
                        max_length=15,
                    ),
                ),
                ("phone", models.CharField(blank=True, help_text="International form: +447700900123", max_length=20)),
                (
                    "may_be_called",
                    models.BooleanField(default=False, help_text="The resident is content that we call them"),
                ),
                (
                    "lives",
                    models.CharField(blank=True, help_text="Where, in words: Leeds, with his mother", max_length=200),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="residents.personwhomatters",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="residents.resident",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Relationship",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("parent", "Parent and child"),
                            ("partner", "Partners"),
                            ("former_partner", "Former partners"),
                            ("sibling", "Brothers or sisters"),
                            ("carer", "Carer and cared for"),
                            ("guardian", "Guardian and child"),
                            ("grandparent", "Grandparent and grandchild"),
                            ("alleged", "Alleged perpetrator and alleged victim"),
                            ("other", "Other"),
                        ],
                        max_length=15,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("since", models.DateField(blank=True, help_text="Empty: from before anybody knows", null=True)),
                ("until", models.DateField(blank=True, null=True)),
                ("mistaken", models.BooleanField(default=False, help_text="It never was so")),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ties_as_first",
                        to="residents.resident",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ties_as_second",
                        to="residents.resident",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="RelationshipHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("parent", "Parent and child"),
                            ("partner", "Partners"),
                            ("former_partner", "Former partners"),
                            ("sibling", "Brothers or sisters"),
                            ("carer", "Carer and cared for"),
                            ("guardian", "Guardian and child"),
                            ("grandparent", "Grandparent and grandchild"),
                            ("alleged", "Alleged perpetrator and alleged victim"),
                            ("other", "Other"),
                        ],
                        max_length=15,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300)),
                ("since", models.DateField(blank=True, help_text="Empty: from before anybody knows", null=True)),
                ("until", models.DateField(blank=True, null=True)),
                ("mistaken", models.BooleanField(default=False, help_text="It never was so")),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "first",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="residents.resident",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="residents.relationship",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="residents.resident",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="personwhomatters",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="residents_personwhomatters_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="personwhomatters",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="residents_personwhomatters_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="personwhomatters",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)),
                fields=("resident", "name", "relation"),
                name="residents_personwhomatters_one_open",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personwhomatters",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "residents_personwhomattershistory" ("id", "lives", "may_be_called", "name", "note", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "relation", "resident_id", "since", "until", "version") VALUES (OLD."id", OLD."lives", OLD."may_be_called", OLD."name", OLD."note", NOW(), \'changed\', OLD."id", OLD."phone", OLD."relation", OLD."resident_id", OLD."since", OLD."until", OLD."version"); RETURN NULL;',
                    hash="ae940f301bb3e84af8ef97b2cf29d7c0f7262f49",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_db4bf",
                    table="residents_personwhomatters",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personwhomatters",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "residents_personwhomattershistory" ("id", "lives", "may_be_called", "name", "note", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "relation", "resident_id", "since", "until", "version") VALUES (OLD."id", OLD."lives", OLD."may_be_called", OLD."name", OLD."note", NOW(), \'deleted\', OLD."id", OLD."phone", OLD."relation", OLD."resident_id", OLD."since", OLD."until", OLD."version"); RETURN NULL;',
                    hash="b5aae54ee4ad5fb75a1ece28efbc28faeb8363dd",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_5c9e4",
                    table="residents_personwhomatters",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="personwhomattershistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6a298c538013d96752d988321dc9db37c4793ad1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_784e0",
                    table="residents_personwhomattershistory",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.CheckConstraint(
                condition=models.Q(("first", models.F("second")), _negated=True), name="residents_relationship_of_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until", None), ("since", None), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="residents_relationship_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.CheckConstraint(
                condition=models.Q(("mistaken", False), ("until__isnull", False), _connector="OR"),
                name="residents_relationship_mistaken_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.UniqueConstraint(
                django.db.models.functions.comparison.Least("first", "second"),
                django.db.models.functions.comparison.Greatest("first", "second"),
                models.F("kind"),
                condition=models.Q(("until", None)),
                name="residents_relationship_one_open",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="relationship",
            trigger=pgtrigger.compiler.Trigger(
                name="changed_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "residents_relationshiphistory" ("first_id", "id", "kind", "mistaken", "note", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "second_id", "since", "until", "version") VALUES (OLD."first_id", OLD."id", OLD."kind", OLD."mistaken", OLD."note", NOW(), \'changed\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."second_id", OLD."since", OLD."until", OLD."version"); RETURN NULL;',
                    hash="2a24517b9f1912fa241050552db9900235aef55a",
                    operation="UPDATE",
                    pgid="pgtrigger_changed_update_7d77f",
                    table="residents_relationship",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="relationship",
            trigger=pgtrigger.compiler.Trigger(
                name="deleted_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "residents_relationshiphistory" ("first_id", "id", "kind", "mistaken", "note", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "second_id", "since", "until", "version") VALUES (OLD."first_id", OLD."id", OLD."kind", OLD."mistaken", OLD."note", NOW(), \'deleted\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."second_id", OLD."since", OLD."until", OLD."version"); RETURN NULL;',
                    hash="2240cbb2409dee359baed626f7a4f568148c1942",
                    operation="DELETE",
                    pgid="pgtrigger_deleted_delete_48e76",
                    table="residents_relationship",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="relationshiphistory",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="76cc7ad5ae22a4e26c7ef6ac4556e7174dd7fe0d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_599c7",
                    table="residents_relationshiphistory",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        *rs.protect("residents_relationship", read=BOTH),
        *rs.protect("residents_personwhomatters", read=OF_RESIDENT),
        *rs.protect_history("residents_relationshiphistory", parent="residents_relationship"),
        *rs.protect_history("residents_personwhomattershistory", parent="residents_personwhomatters"),
    ]
