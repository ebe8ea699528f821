"""References of records that were merged into others: they go on finding the person. Asked of the database, which checks."""

from django.db import connection


def stands_for(reference: str) -> str:
    """The reference of the record that stands in place of a merged one; nothing where there is none for whoever asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT acting.stands_for(%s)", [reference])
        found = cursor.fetchone()
    return found[0] or "" if found else ""
