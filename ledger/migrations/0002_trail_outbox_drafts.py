"""The first tables of the ledger room, protected from the start."""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.functions.datetime
from django.db import migrations, models

from ledger import row_security as rs
from ledger.first_tables import FirstTables
from ledger.partitions import CreateMonthlyTable

OWN_DRAFT = f"((SELECT acting.role()) <> 'link' AND person_id = (SELECT acting.person())) OR {rs.SYSTEM}"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0001_acting"),
    ]

    operations = [
        FirstTables(
            [
                migrations.CreateModel(
                    name="AuditSeal",
                    fields=[
                        ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("epoch", models.PositiveIntegerField()),
                        ("up_to", models.CharField(max_length=20)),
                        ("entries", models.BigIntegerField()),
                        ("total", models.BigIntegerField()),
                        ("root", models.CharField(max_length=64)),
                        ("previous", models.CharField(max_length=64)),
                        ("signature", models.CharField(max_length=64)),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        "ordering": ["number"],
                    },
                ),
                migrations.CreateModel(
                    name="Marker",
                    fields=[
                        ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                        ("value", models.CharField(blank=True, max_length=200)),
                        ("set_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                ),
                migrations.CreateModel(
                    name="SentForm",
                    fields=[
                        ("key", models.UUIDField(primary_key=True, serialize=False)),
                        ("person_id", models.BigIntegerField(null=True)),
                        ("path", models.CharField(max_length=300)),
                        ("location", models.CharField(blank=True, max_length=600)),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                ),
                CreateMonthlyTable(
                    name="AuditEvent",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("person_id", models.BigIntegerField(null=True)),
                        ("role", models.CharField(max_length=30)),
                        ("organisation_id", models.BigIntegerField(null=True)),
                        ("principal", models.CharField(blank=True, max_length=60)),
                        ("verb", models.CharField(max_length=60)),
                        ("kind", models.CharField(blank=True, max_length=60)),
                        ("reference", models.CharField(blank=True, max_length=60)),
                        ("subject_id", models.BigIntegerField(null=True)),
                        (
                            "about",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=12), default=list, size=None
                            ),
                        ),
                        (
                            "fields",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=60), default=list, size=None
                            ),
                        ),
                        ("why", models.CharField(blank=True, max_length=60)),
                        ("outcome", models.CharField(default="done", max_length=10)),
                        ("request_id", models.CharField(blank=True, max_length=36)),
                    ],
                    options={
                        "ordering": ["-at", "-id"],
                        "indexes": [
                            models.Index(fields=["reference", "-at"], name="ledger_audit_reference"),
                            models.Index(fields=["person_id", "-at"], name="ledger_audit_person"),
                            django.contrib.postgres.indexes.GinIndex(fields=["about"], name="ledger_audit_about"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Draft",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("person_id", models.BigIntegerField()),
                        ("form", models.CharField(max_length=60)),
                        ("subject", models.CharField(blank=True, max_length=60)),
                        ("path", models.CharField(max_length=300)),
                        ("data", models.JSONField(default=dict)),
                        ("saved_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-saved_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("person_id", "form", "subject"), name="ledger_draft_one_each"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutboxJob",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=120, unique=True)),
                        ("job", models.CharField(max_length=60)),
                        ("arguments", models.JSONField(default=dict)),
                        ("written_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("ready_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("done_at", models.DateTimeField(null=True)),
                        ("tries", models.PositiveSmallIntegerField(db_default=0, default=0)),
                        ("parked_at", models.DateTimeField(null=True)),
                        ("error", models.CharField(blank=True, db_default="", default="", max_length=200)),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("done_at", None), ("parked_at", None)),
                                fields=["ready_at"],
                                name="ledger_outbox_waiting",
                            )
                        ],
                    },
                ),
                migrations.RunSQL(
                    """
            CREATE FUNCTION acting.make_audit_partition(month date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
            DECLARE
              first date := date_trunc('month', month);
              name text := 'ledger_auditevent_' || to_char(first, 'YYYY_MM');
            BEGIN
              IF to_regclass('public.' || name) IS NULL THEN
                EXECUTE format('CREATE TABLE public.%I PARTITION OF public.ledger_auditevent FOR VALUES FROM (%L) TO (%L)',
                               name, first, first + interval '1 month');
              END IF;
            END $$;
            CREATE FUNCTION acting.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = '42501'; END $$;
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_auditevent FOR EACH ROW EXECUTE FUNCTION acting.refuse_change();
            CREATE TRIGGER no_truncate BEFORE TRUNCATE ON ledger_auditevent FOR EACH STATEMENT EXECUTE FUNCTION acting.refuse_change();
            CREATE TABLE ledger_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
            CREATE INDEX ledger_cache_expires ON ledger_cache (expires);
            """,
                    migrations.RunSQL.noop,
                ),
                *rs.protect(
                    "ledger_auditevent",
                    read="(SELECT acting.role()) IN ('information_governance', 'manager', 'system')",
                    write="false",
                    add=f"person_id IS NULL OR person_id = (SELECT acting.person()) OR {rs.SYSTEM}",
                ),
                *rs.protect(
                    "ledger_auditseal",
                    read="(SELECT acting.role()) IN ('information_governance', 'system')",
                    write="false",
                    add=rs.SYSTEM,
                ),
                *rs.protect("ledger_draft", read=OWN_DRAFT, remove=OWN_DRAFT),
                *rs.protect("ledger_outboxjob", read=rs.SYSTEM, add=rs.ANYONE, remove=rs.SYSTEM),
            ]
        ),
    ]
