"""In which ward a postcode lies, from a file that an operator loads."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("residents", "0011_warnings_agreed_by"),
    ]

    operations = [
        migrations.CreateModel(
            name="PostcodeWard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("postcode", models.CharField(max_length=8, unique=True)),
                (
                    "ward",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="postcodes", to="residents.ward"
                    ),
                ),
            ],
        ),
    ]
