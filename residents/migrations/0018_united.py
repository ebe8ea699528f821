"""Two households that became one by mistake can be two again: what that ended and began is kept, and a function takes the begun rows away."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from ledger import row_security as rs

UNDO = """
CREATE FUNCTION acting.undo_unite(which bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE taken bigint; joined public.residents_united;
BEGIN
  IF (SELECT acting.role()) IS DISTINCT FROM 'system' THEN
    RAISE EXCEPTION 'only the system undoes a joining' USING ERRCODE = '42501';
  END IF;
  SELECT * INTO joined FROM public.residents_united u WHERE u.id = which AND u.undone_at IS NULL;
  IF NOT FOUND
    OR EXISTS (SELECT 1 FROM public.residents_chronologyentry e WHERE e.household_id = joined.household_id AND e.written_at > joined.at)
    OR EXISTS (SELECT 1 FROM public.residents_membership m WHERE m.household_id = joined.other_id AND m.until IS NULL) THEN
    RAISE EXCEPTION 'something builds on this household, or nobody joined it' USING ERRCODE = '42501';
  END IF;
  DELETE FROM public.residents_membership m
  WHERE m.id = ANY (joined.begun) AND m.household_id = joined.household_id AND m.since = joined."on" AND m.until IS NULL;
  GET DIAGNOSTICS taken = ROW_COUNT;
  IF taken <> cardinality(joined.begun) THEN
    RAISE EXCEPTION 'somebody who came has left since' USING ERRCODE = '42501';
  END IF;
  RETURN taken;
END
$$;
REVOKE ALL ON FUNCTION acting.undo_unite(bigint) FROM PUBLIC;
"""
HERE, THERE = (rs.home_open_to_me(f"residents_united.{column}") for column in ("household_id", "other_id"))
READ = f"{rs.STAFF} AND {HERE} AND {THERE}"


class Migration(migrations.Migration):
    dependencies = [("residents", "0017_beside_the_wall")]
    operations = [
        migrations.CreateModel(
            name="United",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                (
                    "ended",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        help_text="Keys of memberships of the other household",
                        size=None,
                    ),
                ),
                (
                    "begun",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        help_text="Keys of memberships of this one: not of who lived in both",
                        size=None,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="united",
                        to="residents.household",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="united_away",
                        to="residents.household",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="united",
            constraint=models.CheckConstraint(
                condition=models.Q(("household", models.F("other")), _negated=True), name="residents_united_of_two"
            ),
        ),
        *rs.protect("residents_united", read=READ, write=rs.SYSTEM),
        migrations.RunSQL(UNDO, "DROP FUNCTION acting.undo_unite(bigint)"),
    ]
