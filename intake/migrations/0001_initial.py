"""The first tables of the intake room, protected from the start."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import ledger.references
from ledger import row_security as rs
from ledger.first_tables import FirstTables

OF_CONTACT = rs.through("intake_contact", "{}.contact_id")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("residents", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        FirstTables(
            [
                migrations.CreateModel(
                    name="ImportRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", ledger.references.ReferenceField()),
                        ("source", models.CharField(max_length=60)),
                        ("file", models.CharField(max_length=100)),
                        ("checksum", models.CharField(max_length=64)),
                        (
                            "state",
                            models.CharField(
                                choices=[("running", "Running"), ("done", "Done"), ("refused", "Refused")],
                                default="running",
                                max_length=10,
                            ),
                        ),
                        ("rows", models.PositiveIntegerField(default=0)),
                        ("taken", models.PositiveIntegerField(default=0)),
                        ("unchanged", models.PositiveIntegerField(default=0)),
                        ("refused", models.PositiveIntegerField(default=0)),
                        ("started_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-started_at"],
                    },
                ),
                migrations.CreateModel(
                    name="Need",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, unique=True)),
                        ("label", models.CharField(max_length=120)),
                        (
                            "headline",
                            models.CharField(help_text="The headline outcome that it belongs to", max_length=60),
                        ),
                        ("since", models.DateField()),
                        ("until", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["headline", "label"],
                    },
                ),
                migrations.CreateModel(
                    name="Answer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("question", models.CharField(max_length=60)),
                        (
                            "said",
                            models.CharField(
                                choices=[
                                    ("yes", "Yes"),
                                    ("no", "No"),
                                    ("value", "A number or a date"),
                                    ("not_asked", "Not asked"),
                                    ("declined", "Declined to say"),
                                    ("unknown", "Not known"),
                                    ("not_applicable", "Not applicable"),
                                ],
                                max_length=15,
                            ),
                        ),
                        (
                            "value",
                            models.CharField(
                                blank=True,
                                help_text="Pence, a count, an ISO date or codes separated by spaces",
                                max_length=200,
                            ),
                        ),
                        (
                            "why",
                            models.CharField(
                                blank=True, help_text="Why it was not asked or not answered", max_length=200
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Contact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField()),
                        (
                            "person_named",
                            models.CharField(
                                blank=True, help_text="The name given, where nobody known was found", max_length=200
                            ),
                        ),
                        ("not_linked_because", models.CharField(blank=True, max_length=200)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("logged", "Logged"),
                                    ("waiting", "Waiting for triage"),
                                    ("decided", "Decided"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="logged",
                                max_length=10,
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("phone_in", "Phone call to us"),
                                    ("phone_out", "Phone call by us"),
                                    ("walk_in", "Hub, in person"),
                                    ("web", "Web form"),
                                    ("email", "Email"),
                                    ("letter", "Letter"),
                                    ("outreach", "Outreach"),
                                    ("partner", "Partner portal"),
                                    ("duty_to_refer", "Duty to refer"),
                                    ("police", "Police report"),
                                    ("councillor", "Councillor or MP"),
                                    ("webchat", "Webchat"),
                                    ("imported", "Imported from another system"),
                                ],
                                max_length=15,
                            ),
                        ),
                        (
                            "speaking",
                            models.CharField(
                                choices=[
                                    ("self", "The resident themselves"),
                                    ("on_behalf", "Someone on their behalf"),
                                    ("professional", "A professional"),
                                    ("anonymous", "Someone who gives no name"),
                                ],
                                default="self",
                                max_length=15,
                            ),
                        ),
                        ("speaker_name", models.CharField(blank=True, max_length=200)),
                        ("speaker_relationship", models.CharField(blank=True, max_length=100)),
                        ("speaker_organisation", models.CharField(blank=True, max_length=200)),
                        ("speaker_reply_to", models.CharField(blank=True, max_length=200)),
                        ("consent_to_act", models.BooleanField(default=False)),
                        (
                            "safe_contact",
                            models.CharField(
                                blank=True, help_text="How and when it is safe to reach them", max_length=300
                            ),
                        ),
                        ("received_at", models.DateTimeField()),
                        ("logged_at", models.DateTimeField()),
                        ("words", models.TextField(help_text="In the resident's own words", max_length=10000)),
                        ("life_event", models.CharField(blank=True, max_length=200)),
                        ("life_event_on", models.DateField(blank=True, null=True)),
                        (
                            "transactional",
                            models.BooleanField(
                                default=False, help_text="A pure enquiry, to which screening does not apply"
                            ),
                        ),
                        (
                            "basis",
                            models.CharField(
                                choices=[
                                    ("privacy_notice", "Privacy notice given"),
                                    ("later", "Notice to be given at the next contact"),
                                    ("safeguarding", "Safeguarding: recorded without notice"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("resolved", "Resolved"),
                                    ("advice", "Advice given"),
                                    ("signposted", "Signposted"),
                                    ("referred", "Referred to a partner"),
                                    ("to_triage", "To triage"),
                                    ("to_statutory", "To a statutory service"),
                                    ("joined", "Joined to an open case"),
                                    ("out_of_area", "Out of area"),
                                    ("withdrawn", "Withdrawn"),
                                    ("abandoned", "Abandoned"),
                                ],
                                max_length=15,
                            ),
                        ),
                        ("what_we_did", models.CharField(blank=True, max_length=1000)),
                        ("next_step", models.CharField(blank=True, max_length=300)),
                        ("next_step_by", models.DateTimeField(blank=True, null=True)),
                        (
                            "next_step_how",
                            models.CharField(blank=True, help_text="How the resident will hear", max_length=200),
                        ),
                        ("next_step_done_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "demand",
                            models.CharField(
                                choices=[
                                    ("not_coded", "Not coded"),
                                    ("value", "New need"),
                                    ("chasing", "Chasing something we had not done"),
                                    ("unclear", "Something from us was unclear"),
                                    ("online", "Should have been online"),
                                    ("repeated", "Telling us again"),
                                    ("wrong_place", "Came to the wrong place"),
                                    ("closed_early", "We closed too early"),
                                ],
                                default="not_coded",
                                max_length=15,
                            ),
                        ),
                        (
                            "household",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contacts",
                                to="residents.household",
                            ),
                        ),
                        (
                            "logged_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contacts",
                                to="residents.resident",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contacts",
                                to="accounts.team",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-received_at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="AnswerHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("question", models.CharField(max_length=60)),
                        (
                            "said",
                            models.CharField(
                                choices=[
                                    ("yes", "Yes"),
                                    ("no", "No"),
                                    ("value", "A number or a date"),
                                    ("not_asked", "Not asked"),
                                    ("declined", "Declined to say"),
                                    ("unknown", "Not known"),
                                    ("not_applicable", "Not applicable"),
                                ],
                                max_length=15,
                            ),
                        ),
                        (
                            "value",
                            models.CharField(
                                blank=True,
                                help_text="Pence, a count, an ISO date or codes separated by spaces",
                                max_length=200,
                            ),
                        ),
                        (
                            "why",
                            models.CharField(
                                blank=True, help_text="Why it was not asked or not answered", max_length=200
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "by",
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
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="intake.answer",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="intake.contact",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.AddField(
                    model_name="answer",
                    name="contact",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="intake.contact"
                    ),
                ),
                migrations.CreateModel(
                    name="ContactHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField(unique=False)),
                        (
                            "person_named",
                            models.CharField(
                                blank=True, help_text="The name given, where nobody known was found", max_length=200
                            ),
                        ),
                        ("not_linked_because", models.CharField(blank=True, max_length=200)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("logged", "Logged"),
                                    ("waiting", "Waiting for triage"),
                                    ("decided", "Decided"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="logged",
                                max_length=10,
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("phone_in", "Phone call to us"),
                                    ("phone_out", "Phone call by us"),
                                    ("walk_in", "Hub, in person"),
                                    ("web", "Web form"),
                                    ("email", "Email"),
                                    ("letter", "Letter"),
                                    ("outreach", "Outreach"),
                                    ("partner", "Partner portal"),
                                    ("duty_to_refer", "Duty to refer"),
                                    ("police", "Police report"),
                                    ("councillor", "Councillor or MP"),
                                    ("webchat", "Webchat"),
                                    ("imported", "Imported from another system"),
                                ],
                                max_length=15,
                            ),
                        ),
                        (
                            "speaking",
                            models.CharField(
                                choices=[
                                    ("self", "The resident themselves"),
                                    ("on_behalf", "Someone on their behalf"),
                                    ("professional", "A professional"),
                                    ("anonymous", "Someone who gives no name"),
                                ],
                                default="self",
                                max_length=15,
                            ),
                        ),
                        ("speaker_name", models.CharField(blank=True, max_length=200)),
                        ("speaker_relationship", models.CharField(blank=True, max_length=100)),
                        ("speaker_organisation", models.CharField(blank=True, max_length=200)),
                        ("speaker_reply_to", models.CharField(blank=True, max_length=200)),
                        ("consent_to_act", models.BooleanField(default=False)),
                        (
                            "safe_contact",
                            models.CharField(
                                blank=True, help_text="How and when it is safe to reach them", max_length=300
                            ),
                        ),
                        ("received_at", models.DateTimeField()),
                        ("logged_at", models.DateTimeField()),
                        ("words", models.TextField(help_text="In the resident's own words", max_length=10000)),
                        ("life_event", models.CharField(blank=True, max_length=200)),
                        ("life_event_on", models.DateField(blank=True, null=True)),
                        (
                            "transactional",
                            models.BooleanField(
                                default=False, help_text="A pure enquiry, to which screening does not apply"
                            ),
                        ),
                        (
                            "basis",
                            models.CharField(
                                choices=[
                                    ("privacy_notice", "Privacy notice given"),
                                    ("later", "Notice to be given at the next contact"),
                                    ("safeguarding", "Safeguarding: recorded without notice"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("resolved", "Resolved"),
                                    ("advice", "Advice given"),
                                    ("signposted", "Signposted"),
                                    ("referred", "Referred to a partner"),
                                    ("to_triage", "To triage"),
                                    ("to_statutory", "To a statutory service"),
                                    ("joined", "Joined to an open case"),
                                    ("out_of_area", "Out of area"),
                                    ("withdrawn", "Withdrawn"),
                                    ("abandoned", "Abandoned"),
                                ],
                                max_length=15,
                            ),
                        ),
                        ("what_we_did", models.CharField(blank=True, max_length=1000)),
                        ("next_step", models.CharField(blank=True, max_length=300)),
                        ("next_step_by", models.DateTimeField(blank=True, null=True)),
                        (
                            "next_step_how",
                            models.CharField(blank=True, help_text="How the resident will hear", max_length=200),
                        ),
                        ("next_step_done_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "demand",
                            models.CharField(
                                choices=[
                                    ("not_coded", "Not coded"),
                                    ("value", "New need"),
                                    ("chasing", "Chasing something we had not done"),
                                    ("unclear", "Something from us was unclear"),
                                    ("online", "Should have been online"),
                                    ("repeated", "Telling us again"),
                                    ("wrong_place", "Came to the wrong place"),
                                    ("closed_early", "We closed too early"),
                                ],
                                default="not_coded",
                                max_length=15,
                            ),
                        ),
                        (
                            "household",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="residents.household",
                            ),
                        ),
                        (
                            "logged_by",
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
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="intake.contact",
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="residents.resident",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="accounts.team",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ImportedRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=60)),
                        ("table", models.CharField(max_length=60)),
                        ("their_id", models.CharField(max_length=60)),
                        ("checksum", models.CharField(max_length=64)),
                        ("kind", models.CharField(max_length=60)),
                        ("our_id", models.BigIntegerField()),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="records",
                                to="intake.importrun",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ContactNeed",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("place", models.PositiveSmallIntegerField(default=1)),
                        (
                            "contact",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contact_needs",
                                to="intake.contact",
                            ),
                        ),
                        (
                            "need",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="intake.need"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["place", "id"],
                    },
                ),
                migrations.AddField(
                    model_name="contact",
                    name="needs",
                    field=models.ManyToManyField(
                        related_name="contacts", through="intake.ContactNeed", to="intake.need"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="answerhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="ecef2a6928b2f3f4191de18c6a1b9f24f31fc7a1",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_84884",
                            table="intake_answerhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="answer",
                    constraint=models.UniqueConstraint(fields=("contact", "question"), name="intake_answer_one_each"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="answer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "intake_answerhistory" ("at", "by_id", "contact_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "said", "value", "why") VALUES (OLD."at", OLD."by_id", OLD."contact_id", OLD."id", NOW(), \'changed\', OLD."id", OLD."question", OLD."said", OLD."value", OLD."why"); RETURN NULL;',
                            hash="e55df36e178b94a30f13a6649d6eea68686bac0f",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_0b39c",
                            table="intake_answer",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="answer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "intake_answerhistory" ("at", "by_id", "contact_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "said", "value", "why") VALUES (OLD."at", OLD."by_id", OLD."contact_id", OLD."id", NOW(), \'deleted\', OLD."id", OLD."question", OLD."said", OLD."value", OLD."why"); RETURN NULL;',
                            hash="0fe21297f06a1fcf870650cceffe6efc88f5ab7c",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_681ec",
                            table="intake_answer",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="contacthistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="133eee0fb2fe7b31136a3f2023b371fb78df3d16",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a415c",
                            table="intake_contacthistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="importedrecord",
                    constraint=models.UniqueConstraint(
                        fields=("source", "table", "their_id"), name="intake_importedrecord_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contactneed",
                    constraint=models.UniqueConstraint(fields=("contact", "need"), name="intake_contactneed_once"),
                ),
                migrations.AddIndex(
                    model_name="contact",
                    index=models.Index(fields=["resident", "-received_at"], name="intake_contact_resident"),
                ),
                migrations.AddIndex(
                    model_name="contact",
                    index=models.Index(fields=["received_at"], name="intake_contact_received"),
                ),
                migrations.AddIndex(
                    model_name="contact",
                    index=models.Index(
                        condition=models.Q(("next_step_by__isnull", False), ("next_step_done_at", None)),
                        fields=["next_step_by"],
                        name="intake_contact_promised",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contact",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("logged_at__gte", models.F("received_at"))),
                        name="intake_contact_received_before_logged",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contact",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("next_step", ""), ("next_step_by__isnull", False), _connector="OR"),
                        name="intake_contact_promise_has_a_time",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contact",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "decided"), _negated=True),
                            models.Q(("outcome", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="intake_contact_decided_has_outcome",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="contact",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "intake_contacthistory" ("basis", "channel", "consent_to_act", "demand", "household_id", "id", "life_event", "life_event_on", "logged_at", "logged_by_id", "next_step", "next_step_by", "next_step_done_at", "next_step_how", "not_linked_because", "outcome", "person_named", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "reference", "resident_id", "safe_contact", "speaker_name", "speaker_organisation", "speaker_relationship", "speaker_reply_to", "speaking", "status", "team_id", "transactional", "version", "what_we_did", "words") VALUES (OLD."basis", OLD."channel", OLD."consent_to_act", OLD."demand", OLD."household_id", OLD."id", OLD."life_event", OLD."life_event_on", OLD."logged_at", OLD."logged_by_id", OLD."next_step", OLD."next_step_by", OLD."next_step_done_at", OLD."next_step_how", OLD."not_linked_because", OLD."outcome", OLD."person_named", NOW(), \'changed\', OLD."id", OLD."received_at", OLD."reference", OLD."resident_id", OLD."safe_contact", OLD."speaker_name", OLD."speaker_organisation", OLD."speaker_relationship", OLD."speaker_reply_to", OLD."speaking", OLD."status", OLD."team_id", OLD."transactional", OLD."version", OLD."what_we_did", OLD."words"); RETURN NULL;',
                            hash="003ec1abaaf75716e3c9bb366e3d9e5fb926d323",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_d64bd",
                            table="intake_contact",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="contact",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "intake_contacthistory" ("basis", "channel", "consent_to_act", "demand", "household_id", "id", "life_event", "life_event_on", "logged_at", "logged_by_id", "next_step", "next_step_by", "next_step_done_at", "next_step_how", "not_linked_because", "outcome", "person_named", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "reference", "resident_id", "safe_contact", "speaker_name", "speaker_organisation", "speaker_relationship", "speaker_reply_to", "speaking", "status", "team_id", "transactional", "version", "what_we_did", "words") VALUES (OLD."basis", OLD."channel", OLD."consent_to_act", OLD."demand", OLD."household_id", OLD."id", OLD."life_event", OLD."life_event_on", OLD."logged_at", OLD."logged_by_id", OLD."next_step", OLD."next_step_by", OLD."next_step_done_at", OLD."next_step_how", OLD."not_linked_because", OLD."outcome", OLD."person_named", NOW(), \'deleted\', OLD."id", OLD."received_at", OLD."reference", OLD."resident_id", OLD."safe_contact", OLD."speaker_name", OLD."speaker_organisation", OLD."speaker_relationship", OLD."speaker_reply_to", OLD."speaking", OLD."status", OLD."team_id", OLD."transactional", OLD."version", OLD."what_we_did", OLD."words"); RETURN NULL;',
                            hash="a5e82383e2b5b9bfdbdc166ccccc1fbec8886875",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_88dcf",
                            table="intake_contact",
                            when="AFTER",
                        ),
                    ),
                ),
                *rs.protect(
                    "intake_contact",
                    read=f"{rs.STAFF} AND (resident_id IS NULL OR {rs.through('residents_resident', 'intake_contact.resident_id')})",
                ),
                *rs.protect(
                    "intake_contactneed",
                    read=OF_CONTACT.format("intake_contactneed"),
                    remove=OF_CONTACT.format("intake_contactneed"),
                ),
                *rs.protect("intake_answer", read=OF_CONTACT.format("intake_answer")),
                *rs.protect("intake_importedrecord", read=rs.SYSTEM),
                *rs.protect_history("intake_contacthistory", parent="intake_contact"),
                *rs.protect_history("intake_answerhistory", parent="intake_answer"),
            ]
        ),
    ]
