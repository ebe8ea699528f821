"""What the desk keeps: who needs the first steps on their home page no more."""

from django.db import models
from django.db.models.functions import Now

from accounts.models import User


class GuidePutAway(models.Model):
    """Somebody has put the first steps away. Without a row they stand on that person's home page."""

    PERSONAL = ()
    ROWS_MAY_GO = True  # asking for the first steps again takes it away
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.user_id}"
