"""Files of people as changesets, their rows, what is kept apart, and the journal by which an import is undone."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import ledger.references
from ledger import row_security as rs

ALLOWED = "(SELECT acting.role()) IN ('manager', 'system')"
# What an import made goes again when it is undone: nobody has worked with it. Nothing else is ever deleted here: only rows that the
# journal names, of these tables, and what is worked out from those residents. History keeps them, where nobody reads it without its record.
UNMAKE = """
CREATE FUNCTION acting.unmake_imported(of_changeset bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  one record;
  side text;
  total integer := 0;
  people bigint[];
BEGIN
  IF acting.role() IS DISTINCT FROM 'system' THEN
    RAISE insufficient_privilege USING MESSAGE = 'not yours to undo';
  END IF;
  people := ARRAY(SELECT done.row FROM public.intake_carriedout done JOIN public.intake_proposedchange p ON p.id = done.change_id
    WHERE p.changeset_id = of_changeset AND done.model = 'residents.Resident' AND done.before IS NULL);
  FOREACH side IN ARRAY ARRAY['residents_searchkey', 'residents_search_key', 'residents_restricted_key',
                              'residents_search_document', 'residents_pairkey'] LOOP
    IF to_regclass('public.' || side) IS NOT NULL THEN
      EXECUTE format('DELETE FROM public.%I WHERE resident_id = ANY ($1)', side) USING people;
    END IF;
  END LOOP;
  IF to_regclass('public.residents_likelypair') IS NOT NULL THEN
    EXECUTE 'DELETE FROM public.residents_likelypair WHERE (one_id = ANY ($1) OR other_id = ANY ($1)) AND status IN (''open'', ''faded'')' USING people;
    EXECUTE 'DELETE FROM public.residents_shownbefore WHERE begun_id = ANY ($1)' USING people;
  END IF;
  FOR one IN
    SELECT done.row, CASE done.model
      WHEN 'residents.Resident' THEN 'residents_resident' WHEN 'residents.Phone' THEN 'residents_phone'
      WHEN 'residents.EmailAddress' THEN 'residents_emailaddress' WHEN 'residents.ResidentAddress' THEN 'residents_residentaddress'
      WHEN 'residents.Address' THEN 'residents_address' WHEN 'residents.Characteristics' THEN 'residents_characteristics'
      WHEN 'residents.ChronologyEntry' THEN 'residents_chronologyentry' WHEN 'intake.ImportedRecord' THEN 'intake_importedrecord'
      END AS in_table
    FROM public.intake_carriedout done JOIN public.intake_proposedchange p ON p.id = done.change_id
    WHERE p.changeset_id = of_changeset AND done.before IS NULL
    ORDER BY done.model = 'residents.Resident', done.model = 'residents.Address', done.id DESC
  LOOP
    IF one.in_table = 'residents_address' AND EXISTS (
      SELECT 1 FROM public.residents_residentaddress lived WHERE lived.address_id = one.row) THEN
      CONTINUE;
    END IF;
    EXECUTE format('DELETE FROM public.%I WHERE id = $1', one.in_table) USING one.row;
    total := total + 1;
  END LOOP;
  RETURN total;
END
$$;
REVOKE ALL ON FUNCTION acting.unmake_imported(bigint) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0005_at_hand"),
        ("residents", "0008_pairs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Changeset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", ledger.references.ReferenceField()),
                (
                    "source",
                    models.CharField(help_text="The other system: ids are only unique within it", max_length=60),
                ),
                ("file", models.CharField(max_length=100)),
                ("table", models.CharField(default="people", max_length=60)),
                ("checksum", models.CharField(max_length=64)),
                ("columns", models.JSONField(default=list, help_text="The headings of the file, in order")),
                ("mapping", models.JSONField(default=list, help_text="What each column holds, in order")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("columns", "Columns to be chosen"),
                            ("reading", "Being read"),
                            ("ready", "To be looked at"),
                            ("taking", "Being taken in"),
                            ("undone", "Undone"),
                            ("discarded", "Thrown away"),
                        ],
                        default="columns",
                        max_length=10,
                    ),
                ),
                ("to_do", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taking_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ProposedChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="Row of the file; the heading is 1")),
                ("their_id", models.CharField(blank=True, max_length=60)),
                ("checksum", models.CharField(blank=True, max_length=64)),
                ("cells", models.JSONField(default=list, help_text="As written, until it is read")),
                ("facts", models.JSONField(default=dict)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("unread", "Not read yet"),
                            ("new", "New"),
                            ("matched", "Matched"),
                            ("conflicting", "To be decided"),
                            ("unchanged", "Nothing new"),
                            ("refused", "Refused"),
                        ],
                        default="unread",
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("left", "Left as it is"),
                            ("accepted", "Taken in"),
                            ("rejected", "Turned down"),
                            ("undone", "Undone"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "candidates",
                    models.JSONField(
                        default=list, help_text="Residents who may be meant: id, chance, what agrees and not"
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "changeset",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="intake.changeset",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "repeats",
                    models.ForeignKey(
                        blank=True,
                        help_text="An earlier row of the file about the same person",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeated_by",
                        to="intake.proposedchange",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposed_changes",
                        to="residents.resident",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="CarriedOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("model", models.CharField(max_length=80)),
                ("row", models.BigIntegerField(help_text="Its key")),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField()),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carried_out",
                        to="intake.proposedchange",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="QuarantinedMatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("per_mille", models.PositiveSmallIntegerField()),
                ("said", models.JSONField(default=dict, help_text="What agrees and what does not, without any value")),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quarantined",
                        to="intake.proposedchange",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="residents.resident"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="proposedchange",
            index=models.Index(
                fields=["changeset", "state", "verdict", "number"], name="intake_proposedchange_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="proposedchange",
            index=models.Index(fields=["their_id"], name="intake_proposedchange_theirs"),
        ),
        migrations.AddConstraint(
            model_name="proposedchange",
            constraint=models.UniqueConstraint(fields=("changeset", "number"), name="intake_proposedchange_once"),
        ),
        migrations.AddConstraint(
            model_name="proposedchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "accepted"), _negated=True),
                    models.Q(("resident__isnull", False), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="intake_proposedchange_accepted_has_record",
            ),
        ),
        *rs.protect("intake_changeset", read=ALLOWED),
        *rs.protect(
            "intake_proposedchange",
            read=f"{ALLOWED} AND (resident_id IS NULL OR {rs.open_to_me('resident_id')})",
        ),
        *rs.protect("intake_quarantinedmatch", read=f"{ALLOWED} AND {rs.open_to_me('resident_id')}", write=rs.SYSTEM),
        *rs.protect("intake_carriedout", read=rs.SYSTEM),
        migrations.RunSQL(UNMAKE, "DROP FUNCTION acting.unmake_imported(bigint)"),
    ]
