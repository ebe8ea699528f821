"""Search keys become numbers in a narrow table, restricted people get a table of their own, and each person one search document.

The table of keys before stays for this release: the old web goes on searching in it until the new one has started.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

from ledger import row_security as rs

# Nobody who asks sees a key: names stand in no table by number, and functions give ids that are then read under their rights.
FIND = """
CREATE FUNCTION acting.find_people(wanted integer[], weights integer[], most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 80 SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  IF NOT acting.is_staff() THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT found.resident_id FROM (
    SELECT hit.resident_id FROM unnest(wanted[1:400], weights[1:400]) AS asked(key, weight)
    CROSS JOIN LATERAL (
      SELECT kept.resident_id FROM public.residents_search_key kept WHERE kept.key = asked.key LIMIT 200
    ) hit
    GROUP BY hit.resident_id ORDER BY sum(asked.weight) DESC, hit.resident_id LIMIT least(most, 500)
  ) found;
  RETURN QUERY SELECT mine.resident_id FROM (
    SELECT kept.resident_id FROM unnest(wanted[1:400], weights[1:400]) AS asked(key, weight)
    JOIN public.residents_restricted_key kept ON kept.key = asked.key
    WHERE (SELECT acting.role()) = 'system' OR kept.resident_id IN (SELECT acting.my_residents())
    GROUP BY kept.resident_id ORDER BY sum(asked.weight) DESC, kept.resident_id LIMIT 50
  ) mine;
END
$$;
CREATE FUNCTION acting.people_like(wanted integer[], weights integer[], most integer) RETURNS TABLE (id bigint, said text)
LANGUAGE plpgsql STABLE SECURITY INVOKER ROWS 80 SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  ids bigint[] := ARRAY(SELECT acting.find_people(wanted, weights, most));
BEGIN
  RETURN QUERY SELECT d.resident_id, d.said FROM unnest(ids) AS one(pk)
    JOIN public.residents_search_document d ON d.resident_id = one.pk;
END
$$;
CREATE FUNCTION acting.restricted_fits(wanted integer[], parts integer[], enough integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT enough > 0 AND (SELECT acting.is_staff()) AND (SELECT acting.role()) <> 'system' AND EXISTS (
    SELECT 1 FROM unnest(wanted[1:100], parts[1:100]) AS asked(key, part)
    JOIN public.residents_restricted_key kept ON kept.key = asked.key AND kept.told
    WHERE kept.resident_id NOT IN (SELECT acting.my_residents())
    GROUP BY kept.resident_id HAVING count(DISTINCT asked.part) >= enough)
$$;
"""
# Writes what has changed and nothing else. Whoever may not open the person may not write what finds them.
WRITE = """
CREATE FUNCTION acting.write_search(of_resident bigint, now_said text, wanted integer[], to_tell integer[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  hidden boolean;
  had integer[];
BEGIN
  SELECT restricted INTO hidden FROM public.residents_resident WHERE id = of_resident;
  IF hidden IS NULL OR NOT acting.is_staff()
     OR (hidden AND acting.role() <> 'system' AND of_resident NOT IN (SELECT acting.my_residents())) THEN
    RAISE insufficient_privilege USING MESSAGE = 'not yours to write';
  END IF;
  SELECT keys INTO had FROM public.residents_search_document WHERE resident_id = of_resident FOR UPDATE;
  IF had IS NULL THEN
    had := '{}';
    IF NOT hidden THEN
      INSERT INTO public.residents_search_key (key, resident_id)
        SELECT DISTINCT one, of_resident FROM unnest(wanted) AS one ON CONFLICT DO NOTHING;
    END IF;
  ELSE
    DELETE FROM public.residents_search_key WHERE resident_id = of_resident
      AND key IN (SELECT one FROM unnest(had) AS one WHERE hidden OR one <> ALL (wanted));
    IF NOT hidden THEN
      INSERT INTO public.residents_search_key (key, resident_id)
        SELECT DISTINCT one, of_resident FROM unnest(wanted) AS one WHERE one <> ALL (had) ON CONFLICT DO NOTHING;
    END IF;
    DELETE FROM public.residents_restricted_key WHERE resident_id = of_resident;
  END IF;
  IF hidden THEN
    INSERT INTO public.residents_restricted_key (key, resident_id, told)
      SELECT DISTINCT one, of_resident, one = ANY (to_tell) FROM unnest(wanted) AS one;
  END IF;
  INSERT INTO public.residents_search_document (resident_id, said, keys)
    VALUES (of_resident, now_said, CASE WHEN hidden THEN '{}' ELSE wanted END)
    ON CONFLICT (resident_id) DO UPDATE SET said = excluded.said, keys = excluded.keys;
END
$$;
"""
# A new database needs no table of before.
UNUSED = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.residents_searchkey) THEN
    DROP FUNCTION acting.find_residents(text[], integer);
    DROP TABLE public.residents_searchkey;
  END IF;
END $$;
"""
CLOSED = """
REVOKE ALL ON FUNCTION acting.find_people(integer[], integer[], integer), acting.people_like(integer[], integer[], integer),
  acting.restricted_fits(integer[], integer[], integer), acting.write_search(bigint, text, integer[], integer[]) FROM PUBLIC;
"""
NONE = """
DROP FUNCTION acting.people_like(integer[], integer[], integer);
DROP FUNCTION acting.find_people(integer[], integer[], integer);
DROP FUNCTION acting.restricted_fits(integer[], integer[], integer);
DROP FUNCTION acting.write_search(bigint, text, integer[], integer[]);
"""


# Keys are read from their index alone while the pages below are known to be seen by all: tidied up after each hundredth that changes.
TIDY = """
ALTER TABLE public.residents_search_key SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01);
"""


class Migration(migrations.Migration):
    dependencies = [("residents", "0005_one_by_reference")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="SearchKey")]),
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "resident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_document",
                        serialize=False,
                        to="residents.resident",
                    ),
                ),
                ("said", models.TextField()),
                ("keys", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
            options={"db_table": "residents_search_document"},
        ),
        migrations.AddIndex(
            model_name="searchdocument",
            index=django.contrib.postgres.indexes.HashIndex(fields=["resident"], name="residents_document_by_hash"),
        ),
        migrations.CreateModel(
            name="SearchKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key", "resident_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.IntegerField()),
                (
                    "resident",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_keys",
                        to="residents.resident",
                    ),
                ),
            ],
            options={"db_table": "residents_search_key"},
        ),
        migrations.CreateModel(
            name="RestrictedKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key", "resident_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.IntegerField()),
                ("told", models.BooleanField(default=False)),
                (
                    "resident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="restricted_keys",
                        to="residents.resident",
                    ),
                ),
            ],
            options={"db_table": "residents_restricted_key"},
        ),
        *rs.protect(
            "residents_search_document",
            read=f"{rs.STAFF} AND {rs.open_to_me('resident_id')}",
            write=rs.SYSTEM,
            remove=rs.SYSTEM,
        ),
        *rs.protect("residents_search_key", read=rs.SYSTEM, remove=rs.SYSTEM),
        *rs.protect("residents_restricted_key", read=rs.SYSTEM, remove=rs.SYSTEM),
        migrations.RunSQL(FIND + WRITE + CLOSED, NONE),
        migrations.RunSQL(TIDY, migrations.RunSQL.noop),
        migrations.RunSQL(UNUSED, migrations.RunSQL.noop),
    ]
