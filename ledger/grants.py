"""What each database role may do with each table. Applied after every migration; repeatable.

The application's roles own nothing. Deleting is the exception: casework is closed, withdrawn or redacted.
"""

import hashlib

from django.apps import apps
from django.db import connection

from ledger.acting import signing_key

APPEND_ONLY = ("ledger_auditevent", "ledger_auditseal")
# Machinery without casework, where deleting is the ordinary way of things.
MAY_DELETE = ("django_session", "ledger_draft", "ledger_sentform", "ledger_outboxjob", "ledger_cache")
MAY_DELETE_ROOMS = ("mfa", "account")
_BLOCK = 64


def apply_grants() -> None:
    """Grant, revoke, and give the database the key with which acting contexts are signed. Runs as the owner."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname IN ('cs_app', 'cs_job')")
        if cursor.rowcount < 2:
            return
        _let_owner_become_them(cursor)
        cursor.execute("GRANT USAGE ON SCHEMA public, acting TO cs_app, cs_job, cs_backup")
        cursor.execute("GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO cs_app, cs_job")
        cursor.execute("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO cs_app, cs_job")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO cs_backup")
        cursor.execute("GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO cs_backup")
        cursor.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA acting TO cs_app, cs_job")
        _grant_deletes(cursor)
        _lock_append_only(cursor)
        _install_key(cursor)


def _let_owner_become_them(cursor) -> None:
    """One login for all processes takes on their roles, so it must be allowed to; without their rights unasked."""
    cursor.execute("SELECT pg_has_role(current_user, 'cs_app', 'SET') AND pg_has_role(current_user, 'cs_job', 'SET')")
    (may,) = cursor.fetchone()
    cursor.execute("SELECT pg_has_role(current_user, 'cs_app', 'MEMBER WITH ADMIN OPTION')")
    (may_grant,) = cursor.fetchone()
    if not may and may_grant:
        cursor.execute("GRANT cs_app, cs_job TO CURRENT_USER WITH INHERIT FALSE, SET TRUE")


def _grant_deletes(cursor) -> None:
    tables = set(MAY_DELETE)
    for model in apps.get_models(include_auto_created=True):
        # Links of many-to-many relations, and tables that say so themselves.
        if (
            model._meta.auto_created
            or model._meta.app_label in MAY_DELETE_ROOMS
            or getattr(model, "ROWS_MAY_GO", False)
        ):
            tables.add(model._meta.db_table)
    cursor.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = ANY(%s)", [sorted(tables)]
    )
    for (table,) in cursor.fetchall():
        cursor.execute(f'GRANT DELETE ON "{table}" TO cs_app, cs_job')


def _lock_append_only(cursor) -> None:
    cursor.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND (tablename = ANY(%s) OR tablename LIKE 'ledger_auditevent\\_%%')",
        [list(APPEND_ONLY)],
    )
    for (table,) in cursor.fetchall():
        cursor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM cs_app, cs_job')
        if table.startswith("ledger_auditevent_"):
            # Partitions are reached through their parent, whose policies hold; a partition has none of its own.
            cursor.execute(f'REVOKE ALL ON "{table}" FROM cs_app, cs_job')


def _install_key(cursor) -> None:
    """The two pads of HMAC-SHA256, so that the database can check a signature with core functions only."""
    key = signing_key()
    key = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    pads = bytes(b ^ 0x36 for b in key), bytes(b ^ 0x5C for b in key)
    cursor.execute(
        "INSERT INTO acting.signing_key VALUES (1, %s, %s) "
        "ON CONFLICT (id) DO UPDATE SET inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad",
        pads,
    )
