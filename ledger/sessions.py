"""Sessions in the database under the hash of their key: reading the table does not give a sign-in."""

import hashlib

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone


def hashed(key: str) -> str:
    """What the table holds in place of the key."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


class SessionStore(DatabaseStore):
    """Django's database sessions, with hashed keys."""

    def _get_session_from_db(self):
        try:
            return self.model.objects.get(session_key=hashed(self.session_key), expire_date__gt=timezone.now())
        except self.model.DoesNotExist:
            self._session_key = None
            return None

    def exists(self, session_key: str) -> bool:
        return self.model.objects.filter(session_key=hashed(session_key)).exists()

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.session_key = hashed(self._get_or_create_session_key())
        return row

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            self.model.objects.filter(session_key=hashed(key)).delete()
