"""The first tables of the directory room."""

import django.db.models.deletion
from django.db import migrations, models

import ledger.references
from ledger.first_tables import FirstTables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        FirstTables(
            [
                migrations.CreateModel(
                    name="FeedRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", ledger.references.ReferenceField()),
                        ("source", models.CharField(max_length=300)),
                        ("started_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("taken", models.PositiveIntegerField(default=0)),
                        ("unchanged", models.PositiveIntegerField(default=0)),
                        ("withdrawn", models.PositiveIntegerField(default=0)),
                        ("refused", models.PositiveIntegerField(default=0)),
                        (
                            "reasons",
                            models.JSONField(default=list, help_text="Why services were refused: shown, never queried"),
                        ),
                    ],
                    options={
                        "ordering": ["-started_at"],
                    },
                ),
                migrations.CreateModel(
                    name="Service",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", ledger.references.ReferenceField()),
                        (
                            "feed_id",
                            models.CharField(
                                blank=True,
                                db_index=True,
                                help_text="The id in the feed that it came from",
                                max_length=60,
                            ),
                        ),
                        ("name", models.CharField(max_length=250)),
                        ("alternate_name", models.CharField(blank=True, max_length=250)),
                        ("description", models.TextField(blank=True)),
                        ("url", models.URLField(blank=True, max_length=500)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("phone", models.CharField(blank=True, max_length=40)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("active", "Active"),
                                    ("inactive", "Inactive"),
                                    ("defunct", "Defunct"),
                                    ("temporarily closed", "Temporarily closed"),
                                ],
                                default="active",
                                max_length=20,
                            ),
                        ),
                        ("fees", models.TextField(blank=True)),
                        ("alert", models.TextField(blank=True)),
                        ("eligibility", models.TextField(blank=True)),
                        ("minimum_age", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("maximum_age", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("assured_on", models.DateField(blank=True, null=True)),
                        (
                            "changed_at",
                            models.DateTimeField(
                                blank=True, help_text="When the feed says that it last changed", null=True
                            ),
                        ),
                        ("seen_in_feed_at", models.DateTimeField(blank=True, null=True)),
                        ("accepts_referrals", models.BooleanField(default=False)),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="services",
                                to="accounts.organisation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="ServicePlace",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("feed_id", models.CharField(blank=True, max_length=60)),
                        ("name", models.CharField(blank=True, max_length=250)),
                        ("lines", models.CharField(blank=True, max_length=500)),
                        ("postcode", models.CharField(blank=True, max_length=10)),
                        ("latitude", models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)),
                        ("longitude", models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True)),
                        (
                            "service",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="places",
                                to="directory.service",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ServiceTime",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("days", models.CharField(blank=True, max_length=60)),
                        ("opens_at", models.TimeField(blank=True, null=True)),
                        ("closes_at", models.TimeField(blank=True, null=True)),
                        ("description", models.TextField(blank=True)),
                        (
                            "service",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="times",
                                to="directory.service",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ServiceTerm",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=120)),
                        ("name", models.CharField(max_length=250)),
                        (
                            "service",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="terms",
                                to="directory.service",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("service", "code"), name="directory_serviceterm_once")
                        ],
                    },
                ),
            ]
        ),
    ]
