"""Database roles and the signed acting context that policies read; before any table, because policies name them."""

from django.db import migrations

ROLES = """
DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['cs_app', 'cs_job', 'cs_backup'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN EXECUTE format('CREATE ROLE %I NOLOGIN', name); END IF;
  END LOOP;
END $$
"""
CONTEXT = """
CREATE SCHEMA acting;
CREATE TABLE acting.signing_key (id int PRIMARY KEY CHECK (id = 1), inner_pad bytea NOT NULL, outer_pad bytea NOT NULL);
REVOKE ALL ON acting.signing_key FROM PUBLIC;

CREATE FUNCTION acting.claims() RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  raw text := current_setting('cs.acting', true);
  part text[];
  body text;
  pads record;
BEGIN
  IF raw IS NULL OR raw = '' THEN RETURN NULL; END IF;
  part := string_to_array(raw, ':');
  IF array_length(part, 1) <> 5 THEN RAISE EXCEPTION 'bad acting context' USING ERRCODE = '42501'; END IF;
  body := part[1] || ':' || part[2] || ':' || part[3] || ':' || part[4];
  SELECT inner_pad, outer_pad INTO pads FROM acting.signing_key WHERE id = 1;
  IF pads IS NULL OR encode(sha256(pads.outer_pad || sha256(pads.inner_pad || convert_to(body, 'UTF8'))), 'hex') <> part[5] THEN
    RAISE EXCEPTION 'bad acting context' USING ERRCODE = '42501';
  END IF;
  IF part[4]::bigint < extract(epoch FROM clock_timestamp()) THEN
    RAISE EXCEPTION 'expired acting context' USING ERRCODE = '42501';
  END IF;
  RETURN part[1:4];
END $$;
CREATE FUNCTION acting.person() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT (acting.claims())[1]::bigint $$;
CREATE FUNCTION acting.role() RETURNS text LANGUAGE sql STABLE AS $$ SELECT (acting.claims())[2] $$;
CREATE FUNCTION acting.organisation() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT (acting.claims())[3]::bigint $$;
CREATE FUNCTION acting.is_staff() RETURNS boolean LANGUAGE sql STABLE AS
  $$ SELECT coalesce((acting.claims())[2] IN ('front_door', 'caseworker', 'manager', 'system'), false) $$;
CREATE FUNCTION acting.is_linked(wanted bigint) RETURNS boolean LANGUAGE sql STABLE AS
  $$ SELECT coalesce((acting.claims())[2] = 'link' AND (acting.claims())[1]::bigint = wanted, false) $$;
GRANT USAGE ON SCHEMA acting TO cs_app, cs_job;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(ROLES, migrations.RunSQL.noop),
        migrations.RunSQL(CONTEXT, "DROP SCHEMA acting CASCADE"),
    ]
