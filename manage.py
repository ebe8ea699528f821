#!/usr/bin/env python3
"""Django's commands. Those that need a database get the bundled one where the environment names no other."""

import os
import sys
from contextlib import nullcontext

# Who a command is to the database: the owner changes tables, reference data and whole boroughs; the rest is a job.
OWNER = {
    "check", "collectstatic", "createcachetable", "demo_signins", "flush", "inspectdb", "load_postcodes", "make_borough", "makemigrations",
    "migrate", "optimizemigration", "pgtrigger", "seed", "showmigrations", "sqlflush", "sqlmigrate", "squashmigrations",
    "test",
}  # fmt: skip
WITHOUT_SERVERS = {
    "check_templates",
    "write_states",
    "collectstatic",
    "diffsettings",
    "findstatic",
    "help",
    "startapp",
    "version",
}


def main() -> None:
    """Run one command."""
    command = sys.argv[1].lstrip("-") if len(sys.argv) > 1 else "help"
    asks_help = bool({"-h", "--help"} & set(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community_solutions.settings")
    os.environ.setdefault("CS_PROCESS", "owner" if command in OWNER else "job")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db import OperationalError

        from community_solutions.local import servers
    except ModuleNotFoundError as missing:
        raise SystemExit(
            f"{missing}: run this as ./dev manage {command} …, which makes the environment first."
        ) from None
    try:
        with nullcontext() if asks_help or command in WITHOUT_SERVERS else servers():
            execute_from_command_line(sys.argv)
    except ImproperlyConfigured as wrong:
        raise SystemExit(str(wrong)) from None
    except OperationalError as refusal:
        if not any(words in str(refusal) for words in ("connection to server", "could not translate host name")):
            raise
        raise SystemExit(
            f"The database does not answer. {refusal}Is DATABASE_URL right, and is the server up?"
        ) from None


if __name__ == "__main__":
    main()
