"""A partner's inbox is read in its order by index, however many referrals are over."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_keyboard_shortcuts"),
        ("cases", "0005_newest_note"),
        ("directory", "0002_feeds_and_hours"),
        ("intake", "0004_restricted_by_index"),
        ("referrals", "0003_restricted_by_index"),
        ("residents", "0004_restricted_by_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("status__in", ["sent", "received"])),
                fields=["organisation", "answer_due_at", "id"],
                name="referrals_referral_due",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                condition=models.Q(("status__in", ["waiting", "accepted", "in_progress"])),
                fields=["organisation", "-sent_at", "-id"],
                name="referrals_referral_going",
            ),
        ),
    ]
