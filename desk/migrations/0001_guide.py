"""Who has put the first steps away: each person's row is their own."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from ledger import row_security as rs

OWN = f"((SELECT acting.role()) <> 'link' AND user_id = (SELECT acting.person())) OR {rs.SYSTEM}"


class Migration(migrations.Migration):
    """A first table for the desk."""

    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="GuidePutAway",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        *rs.protect("desk_guideputaway", read=OWN, remove=OWN),
    ]
