"""The first tables of the reporting room."""

import django.db.models.functions.datetime
from django.db import migrations, models

import ledger.references
from ledger.first_tables import FirstTables


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        FirstTables(
            [
                migrations.CreateModel(
                    name="Annotation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", ledger.references.ReferenceField()),
                        ("on", models.DateField()),
                        ("text", models.CharField(max_length=200)),
                        (
                            "measures",
                            models.CharField(
                                blank=True,
                                help_text="Keys of the measures, separated by spaces; empty for all",
                                max_length=300,
                            ),
                        ),
                        ("source", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "ordering": ["on"],
                    },
                ),
                migrations.CreateModel(
                    name="TouchedMonth",
                    fields=[
                        ("month", models.DateField(primary_key=True, serialize=False)),
                        ("touched_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                ),
                migrations.CreateModel(
                    name="Reading",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("measure", models.CharField(max_length=40)),
                        ("month", models.DateField(help_text="First day of the month, local time")),
                        (
                            "slice",
                            models.CharField(
                                blank=True, help_text="A tier, a lead, a kind; empty for the whole", max_length=60
                            ),
                        ),
                        ("numerator", models.BigIntegerField()),
                        ("denominator", models.BigIntegerField(blank=True, null=True)),
                        ("computed_at", models.DateTimeField()),
                        ("frozen_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "restated_at",
                            models.DateTimeField(
                                blank=True, help_text="When late data changed a frozen figure", null=True
                            ),
                        ),
                        ("frozen_numerator", models.BigIntegerField(blank=True, null=True)),
                        ("frozen_denominator", models.BigIntegerField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["measure", "month", "slice"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("measure", "month", "slice"), name="reporting_reading_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="reporting_reading_first_of_month"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Run",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("reference", ledger.references.ReferenceField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[("fold_in", "New work folded in"), ("full", "Everything recomputed")],
                                max_length=10,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                                default="running",
                                max_length=10,
                            ),
                        ),
                        ("started_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("steps", models.PositiveIntegerField(default=0)),
                        ("steps_done", models.PositiveIntegerField(default=0)),
                        ("months", models.PositiveIntegerField(default=0)),
                        (
                            "changed",
                            models.PositiveIntegerField(
                                default=0, help_text="Readings that differ from what was stored"
                            ),
                        ),
                        ("error", models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        "ordering": ["-started_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "running")),
                                fields=("kind",),
                                name="reporting_run_one_at_a_time",
                            )
                        ],
                    },
                ),
            ]
        ),
    ]
