"""Settings for tests: fast throw-away servers, unless DATABASE_URL or REDIS_URL name others.

They are started at import, before anything reads DATABASES, and stopped when the process ends. Workers of pytest-xdist inherit
the addresses.
"""

import atexit
import os
from contextlib import ExitStack

from community_solutions.local import HOME, servers

TEST_HOME = HOME if HOME.name == "test" else HOME / "test"
os.environ["CS_HOME"] = str(TEST_HOME)
os.environ["CS_PROCESS"] = "owner"  # makes the test database; the tests themselves take on the application's role

_running = ExitStack()
_running.enter_context(servers(TEST_HOME, fast=True))
atexit.register(_running.close)

from community_solutions.environment import PLANNED_ONCE  # noqa: E402
from community_solutions.settings import *  # noqa: E402, F403
from community_solutions.settings import DATABASES as _DATABASES  # noqa: E402
from community_solutions.settings import STATIC_ROOT as _STATIC_ROOT  # noqa: E402
from community_solutions.settings import STORAGES as _STORAGES  # noqa: E402

_DATABASES["default"]["OPTIONS"]["options"] += f" {PLANNED_ONCE}"  # as in a web process
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = _STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
_STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # nothing is gathered for tests, but the web part looks for the folder
