"""The first tables of the referrals room, protected from the start."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import ledger.references
from ledger import row_security as rs
from ledger.first_tables import FirstTables

FUNCTIONS = """
CREATE FUNCTION acting.referral_by_link(wanted text) RETURNS TABLE (link_id bigint, referral_id bigint, organisation_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = pg_catalog AS $$
  SELECT link.id, referral.id, referral.organisation_id
  FROM public.referrals_answerlink link JOIN public.referrals_referral referral ON referral.id = link.referral_id
  WHERE link.secret_hash = wanted AND link.revoked_at IS NULL AND link.expires_at > now()
$$;
"""
OURS = f"({rs.STAFF} AND {rs.through('residents_resident', 'referrals_referral.resident_id')})"
THEIRS = """((SELECT acting.role()) = 'partner' AND organisation_id = (SELECT acting.organisation()) AND status NOT IN ('draft', 'cancelled'))"""
BY_LINK = "((SELECT acting.role()) = 'link' AND id = (SELECT acting.person()))"
OF_REFERRAL = rs.through("referrals_referral", "{}.referral_id")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("cases", "0001_initial"),
        ("directory", "0001_initial"),
        ("intake", "0001_initial"),
        ("residents", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        FirstTables(
            [
                migrations.CreateModel(
                    name="Referral",
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
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("cancelled", "Cancelled"),
                                    ("sent", "Sent"),
                                    ("received", "Received"),
                                    ("waiting", "On a waiting list"),
                                    ("accepted", "Accepted"),
                                    ("declined", "Declined"),
                                    ("in_progress", "In progress"),
                                    ("completed", "Completed"),
                                    ("withdrawn", "Withdrawn by us"),
                                ],
                                default="draft",
                                max_length=12,
                            ),
                        ),
                        ("reason", models.CharField(help_text="Why we refer", max_length=1000)),
                        ("goal", models.CharField(blank=True, max_length=500)),
                        ("shared_name", models.CharField(blank=True, max_length=200)),
                        ("shared_contact", models.CharField(blank=True, max_length=300)),
                        ("shared_need", models.CharField(blank=True, max_length=1000)),
                        ("shared_risks", models.CharField(blank=True, max_length=500)),
                        ("shared_access_needs", models.CharField(blank=True, max_length=500)),
                        ("made_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        ("received_at", models.DateTimeField(blank=True, null=True)),
                        ("answer_due_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "answered_at",
                            models.DateTimeField(
                                blank=True, help_text="First answer: accepted, waiting or declined", null=True
                            ),
                        ),
                        ("waiting_until", models.DateField(blank=True, null=True)),
                        (
                            "decline_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("capacity", "No capacity"),
                                    ("ineligible", "Not eligible (age, area or criteria)"),
                                    ("wrong_service", "Wrong service"),
                                    ("too_little", "Too little information"),
                                    ("duplicate", "Already with us"),
                                    ("resident_declined", "The resident declined"),
                                    ("unreachable", "Could not reach the resident"),
                                    ("risk", "Risk too high for us"),
                                    ("conflict", "Conflict of interest"),
                                    ("closed_list", "Our list is closed"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("decline_text", models.CharField(blank=True, max_length=500)),
                        ("suggested_alternative", models.CharField(blank=True, max_length=200)),
                        ("started_at", models.DateTimeField(blank=True, null=True)),
                        ("completed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("met", "Need met"),
                                    ("partly_met", "Need partly met"),
                                    ("not_engaged", "Did not engage"),
                                    ("stepped_back", "Stepped back to the council, with a concern"),
                                ],
                                max_length=15,
                            ),
                        ),
                        ("outcome_text", models.CharField(blank=True, max_length=1000)),
                        (
                            "unanswered_at",
                            models.DateTimeField(
                                blank=True, help_text="When silence brought it back to the referrer", null=True
                            ),
                        ),
                        (
                            "settled_at",
                            models.DateTimeField(
                                blank=True, help_text="When the referrer dealt with its return", null=True
                            ),
                        ),
                        ("settled_how", models.CharField(blank=True, max_length=300)),
                        (
                            "agreement",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="residents.agreement",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="cases.case",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="intake.contact",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals_made",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="accounts.organisation",
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="residents.resident",
                            ),
                        ),
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="directory.service",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-made_at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="AnswerLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("secret_hash", models.CharField(max_length=64, unique=True)),
                        ("sent_to", models.EmailField(max_length=254)),
                        ("made_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("used_at", models.DateTimeField(blank=True, null=True)),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "referral",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links",
                                to="referrals.referral",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ReferralHistory",
                    fields=[
                        ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("id", models.BigIntegerField()),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("reference", ledger.references.ReferenceField(unique=False)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("cancelled", "Cancelled"),
                                    ("sent", "Sent"),
                                    ("received", "Received"),
                                    ("waiting", "On a waiting list"),
                                    ("accepted", "Accepted"),
                                    ("declined", "Declined"),
                                    ("in_progress", "In progress"),
                                    ("completed", "Completed"),
                                    ("withdrawn", "Withdrawn by us"),
                                ],
                                default="draft",
                                max_length=12,
                            ),
                        ),
                        ("reason", models.CharField(help_text="Why we refer", max_length=1000)),
                        ("goal", models.CharField(blank=True, max_length=500)),
                        ("shared_name", models.CharField(blank=True, max_length=200)),
                        ("shared_contact", models.CharField(blank=True, max_length=300)),
                        ("shared_need", models.CharField(blank=True, max_length=1000)),
                        ("shared_risks", models.CharField(blank=True, max_length=500)),
                        ("shared_access_needs", models.CharField(blank=True, max_length=500)),
                        ("made_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        ("received_at", models.DateTimeField(blank=True, null=True)),
                        ("answer_due_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "answered_at",
                            models.DateTimeField(
                                blank=True, help_text="First answer: accepted, waiting or declined", null=True
                            ),
                        ),
                        ("waiting_until", models.DateField(blank=True, null=True)),
                        (
                            "decline_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("capacity", "No capacity"),
                                    ("ineligible", "Not eligible (age, area or criteria)"),
                                    ("wrong_service", "Wrong service"),
                                    ("too_little", "Too little information"),
                                    ("duplicate", "Already with us"),
                                    ("resident_declined", "The resident declined"),
                                    ("unreachable", "Could not reach the resident"),
                                    ("risk", "Risk too high for us"),
                                    ("conflict", "Conflict of interest"),
                                    ("closed_list", "Our list is closed"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("decline_text", models.CharField(blank=True, max_length=500)),
                        ("suggested_alternative", models.CharField(blank=True, max_length=200)),
                        ("started_at", models.DateTimeField(blank=True, null=True)),
                        ("completed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("met", "Need met"),
                                    ("partly_met", "Need partly met"),
                                    ("not_engaged", "Did not engage"),
                                    ("stepped_back", "Stepped back to the council, with a concern"),
                                ],
                                max_length=15,
                            ),
                        ),
                        ("outcome_text", models.CharField(blank=True, max_length=1000)),
                        (
                            "unanswered_at",
                            models.DateTimeField(
                                blank=True, help_text="When silence brought it back to the referrer", null=True
                            ),
                        ),
                        (
                            "settled_at",
                            models.DateTimeField(
                                blank=True, help_text="When the referrer dealt with its return", null=True
                            ),
                        ),
                        ("settled_how", models.CharField(blank=True, max_length=300)),
                        (
                            "agreement",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="residents.agreement",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="cases.case",
                            ),
                        ),
                        (
                            "contact",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="intake.contact",
                            ),
                        ),
                        (
                            "made_by",
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
                            "organisation",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="accounts.organisation",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="events",
                                to="referrals.referral",
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
                        (
                            "service",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="directory.service",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ReferralMessage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "who",
                            models.CharField(
                                blank=True, help_text="Who wrote, where they answered by link", max_length=200
                            ),
                        ),
                        ("from_partner", models.BooleanField()),
                        ("text", models.CharField(max_length=2000)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "referral",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="messages",
                                to="referrals.referral",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["at", "id"],
                    },
                ),
                migrations.AddIndex(
                    model_name="referral",
                    index=models.Index(fields=["organisation", "-sent_at"], name="referrals_referral_inbox"),
                ),
                migrations.AddIndex(
                    model_name="referral",
                    index=models.Index(
                        condition=models.Q(("status__in", ["sent", "received"])),
                        fields=["answer_due_at"],
                        name="referrals_referral_silent",
                    ),
                ),
                migrations.AddIndex(
                    model_name="referral",
                    index=models.Index(fields=["resident", "-made_at"], name="referrals_referral_resident"),
                ),
                migrations.AddConstraint(
                    model_name="referral",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "cancelled"]),
                            models.Q(("agreement__isnull", False), ("sent_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="referrals_referral_sent_agreed",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="referral",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "declined"), _negated=True),
                            models.Q(("decline_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="referrals_referral_declined_has_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="referral",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "completed"), _negated=True),
                            models.Q(("completed_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="referrals_referral_completed_has_outcome",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="referral",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["draft", "cancelled", "sent", "received", "withdrawn"]),
                            ("answered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="referrals_referral_answered_has_time",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="referral",
                    trigger=pgtrigger.compiler.Trigger(
                        name="changed_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "referrals_referralhistory" ("agreement_id", "answer_due_at", "answered_at", "case_id", "completed_at", "contact_id", "decline_reason", "decline_text", "goal", "id", "made_at", "made_by_id", "organisation_id", "outcome", "outcome_text", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "received_at", "reference", "resident_id", "sent_at", "service_id", "settled_at", "settled_how", "shared_access_needs", "shared_contact", "shared_name", "shared_need", "shared_risks", "started_at", "status", "suggested_alternative", "unanswered_at", "version", "waiting_until") VALUES (OLD."agreement_id", OLD."answer_due_at", OLD."answered_at", OLD."case_id", OLD."completed_at", OLD."contact_id", OLD."decline_reason", OLD."decline_text", OLD."goal", OLD."id", OLD."made_at", OLD."made_by_id", OLD."organisation_id", OLD."outcome", OLD."outcome_text", NOW(), \'changed\', OLD."id", OLD."reason", OLD."received_at", OLD."reference", OLD."resident_id", OLD."sent_at", OLD."service_id", OLD."settled_at", OLD."settled_how", OLD."shared_access_needs", OLD."shared_contact", OLD."shared_name", OLD."shared_need", OLD."shared_risks", OLD."started_at", OLD."status", OLD."suggested_alternative", OLD."unanswered_at", OLD."version", OLD."waiting_until"); RETURN NULL;',
                            hash="fa4d4d0138d58a028a9616a8a24a78200a19e670",
                            operation="UPDATE",
                            pgid="pgtrigger_changed_update_46b98",
                            table="referrals_referral",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="referral",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deleted_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "referrals_referralhistory" ("agreement_id", "answer_due_at", "answered_at", "case_id", "completed_at", "contact_id", "decline_reason", "decline_text", "goal", "id", "made_at", "made_by_id", "organisation_id", "outcome", "outcome_text", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "received_at", "reference", "resident_id", "sent_at", "service_id", "settled_at", "settled_how", "shared_access_needs", "shared_contact", "shared_name", "shared_need", "shared_risks", "started_at", "status", "suggested_alternative", "unanswered_at", "version", "waiting_until") VALUES (OLD."agreement_id", OLD."answer_due_at", OLD."answered_at", OLD."case_id", OLD."completed_at", OLD."contact_id", OLD."decline_reason", OLD."decline_text", OLD."goal", OLD."id", OLD."made_at", OLD."made_by_id", OLD."organisation_id", OLD."outcome", OLD."outcome_text", NOW(), \'deleted\', OLD."id", OLD."reason", OLD."received_at", OLD."reference", OLD."resident_id", OLD."sent_at", OLD."service_id", OLD."settled_at", OLD."settled_how", OLD."shared_access_needs", OLD."shared_contact", OLD."shared_name", OLD."shared_need", OLD."shared_risks", OLD."started_at", OLD."status", OLD."suggested_alternative", OLD."unanswered_at", OLD."version", OLD."waiting_until"); RETURN NULL;',
                            hash="b83706275bf96c35129b833fe038635a7ffd2855",
                            operation="DELETE",
                            pgid="pgtrigger_deleted_delete_85139",
                            table="referrals_referral",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="referralhistory",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="32274b83fd32f9ccc41c11a8efa42a6dceee9e47",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_5359a",
                            table="referrals_referralhistory",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
                *rs.protect("referrals_referral", read=f"{OURS} OR {THEIRS} OR {BY_LINK}", add=OURS),
                *rs.protect(
                    "referrals_referralmessage",
                    read=OF_REFERRAL.format("referrals_referralmessage"),
                    write="false",
                    add=OF_REFERRAL.format("referrals_referralmessage"),
                ),
                *rs.protect(
                    "referrals_answerlink",
                    read=f"(SELECT acting.role()) <> 'partner' AND {OF_REFERRAL.format('referrals_answerlink')}",
                ),
                *rs.protect_history("referrals_referralhistory", parent="referrals_referral"),
            ]
        ),
    ]
