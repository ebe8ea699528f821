"""Production: secrets come from files, nonsense stops the start with a sentence, and no demonstration can run there."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Organisation, Role, User
from community_solutions import environment
from ledger import health, outbox, sealing
from ledger.models import AuditSeal, Marker
from ledger.tasks import tick
from tests import make
from tests.platform.installation import ROOT, SERVICES

HOST = "solutions.anytown.example"
WHOLE = {
    "CS_PRODUCTION": "1", "CS_PROCESS": "web", "SECRET_KEY": "0123456789abcdef" * 4, "ALLOWED_HOSTS": HOST, "PUBLIC_ADDRESS": f"https://{HOST}",
    "DATABASE_APP_URL": "postgres://cs_app:x@localhost/none", "REDIS_URL": "redis://localhost:1/0",
    "EMAIL_HOST": "mail.example", "DEFAULT_FROM_EMAIL": "a@mail.example",
}  # fmt: skip


@pytest.fixture
def said(monkeypatch):
    """An environment that holds this and nothing else of ours."""

    def say(**values):
        for name in os.environ:
            if name.startswith(("DATABASE_", "REDIS_", "EMAIL_", "SECRET_", "PUBLIC_", "DEFAULT_", "ALLOWED_")):
                monkeypatch.delenv(name)
        for name, value in values.items():
            monkeypatch.setenv(name, str(value))

    return say


# --- what the environment says -----------------------------------------------------------------------------------


def test_a_secret_comes_from_a_file(said, tmp_path):
    (tmp_path / "word").write_text("a word\n")
    said(DATABASE_PASSWORD_FILE=tmp_path / "word", DATABASE_JOB_URL="postgres://cs_job@database:5432/cs")
    found = environment.database("job", production=True)
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("cs_job", "a word", "database", "5432")


def test_a_password_of_the_queue_is_put_into_its_address(said):
    said(REDIS_URL="redis://queue:6379/0", REDIS_PASSWORD="a/b@c")
    assert environment.queue(Path("/none"), production=True) == "redis://:a%2Fb%40c@queue:6379/0"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"SECRET_KEY_FILE": "/none/there"}, "SECRET_KEY_FILE names /none/there, which cannot be read"),
        ({"SECRET_KEY_FILE": os.devnull}, "which is empty"),
        ({"SECRET_KEY": "x", "SECRET_KEY_FILE": os.devnull}, "are both there"),
        ({"SECRET_KEY": "short"}, "at least 50 characters"),
        ({"SECRET_KEY": "k" * 60}, "at least 50 characters"),
        ({}, "Production needs SECRET_KEY"),
    ],
)
def test_a_bad_secret_key_stops_the_start(said, values, sentence):
    said(**values)
    with pytest.raises(ImproperlyConfigured, match=sentence):
        environment.secret_key(Path("/none"), production=True)


@pytest.mark.parametrize(
    ("read", "values", "sentence"),
    [
        (lambda: environment.public_address(production=True), {}, "Production needs PUBLIC_ADDRESS"),
        (lambda: environment.public_address(production=True), {"PUBLIC_ADDRESS": "http://x.example"}, "Production needs PUBLIC"),
        (lambda: environment.queue(Path("/none"), production=True), {}, "Production needs REDIS_URL"),
        (lambda: environment.queue(Path("/none"), production=True), {"REDIS_URL": "http://x"}, "must begin with redis://"),
        (lambda: environment.database("web", production=True), {}, "Production needs DATABASE_URL"),
        (lambda: environment.database("web", production=True), {"DATABASE_URL": "mysql://x/y"}, "PostgreSQL only"),
        (lambda: environment.database("web", production=True),
         {"DATABASE_URL": "postgres://a:b@c/d", "DATABASE_PASSWORD": "e"}, "Give one"),
        (lambda: environment.mail(Path("/none"), production=True), {"EMAIL_HOST": "x"}, "DEFAULT_FROM_EMAIL"),
        (lambda: environment.mail(Path("/none"), production=False), {"EMAIL_PORT": "many"}, "from 1 to 65535, not “many”"),
        (lambda: environment.yes("EMAIL_USE_TLS"), {"EMAIL_USE_TLS": "perhaps"}, "must be 1 or 0, not “perhaps”"),
    ],
)  # fmt: skip
def test_nonsense_stops_the_start_with_a_sentence(said, read, values, sentence):
    said(**values)
    with pytest.raises(ImproperlyConfigured, match=re.escape(sentence)):
        read()


def checked(**changes: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"]} | WHOLE | changes
    line = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "DEBUG"]
    return subprocess.run(line, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)


def test_check_deploy_is_silent():
    done = checked()
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout
    assert done.stderr == ""


def test_a_start_in_production_with_debug_is_a_sentence_and_no_traceback():
    done = checked(DEBUG="1")
    assert done.returncode == 1
    assert done.stderr.strip() == "DEBUG shows what people wrote to whoever sees an error: production refuses it."


def test_what_the_services_are_given_is_what_the_settings_read():
    code = "".join((ROOT / "community_solutions" / name).read_text() for name in ("environment.py", "settings.py"))
    for name in ("web", "worker", "migrate"):
        for key in SERVICES[name]["environment"]:
            assert f'"{key.removesuffix("_FILE")}"' in code or f'"{key}"' in code, key


# --- no demonstration --------------------------------------------------------------------------------------------


@pytest.fixture
def production(settings):
    settings.PRODUCTION = True


def test_the_commands_of_the_demonstration_refuse(db, production):
    for command in ("demo_signins", "make_borough"):
        with pytest.raises(CommandError, match="This is production"):
            call_command(command)


def test_a_database_with_invented_people_is_not_migrated_and_lets_nobody_in(client, ben, production):
    ben.set_password("a long enough word for tests 7")
    ben.save(update_fields=["password"])
    Marker.objects.create(name=Marker.DEMONSTRATION, value="word")
    with pytest.raises(CommandError, match="holds the demonstration borough"):
        call_command("migrate", verbosity=0)
    answer = client.post("/accounts/login/", {"login": ben.email, "password": "a long enough word for tests 7"})
    assert answer.status_code == 403
    assert "_auth_user_id" not in client.session


# --- the first administrator -------------------------------------------------------------------------------------


def invite(capsys, **words):
    call_command("invite_administrator", **{"email": "Ada.Bright@anytown.example", "name": "Ada Bright"} | words)
    return re.search(r"http\S+?(/accounts/\S+)", capsys.readouterr().out)[1]


def test_the_first_administrator_chooses_a_password_by_a_link_that_works_once(client, system, capsys):
    make.organisation("Anytown Council", kind=Organisation.Kind.COUNCIL)
    link = invite(capsys)
    ada = User.objects.get(email="ada.bright@anytown.example")
    assert ada.role == Role.ADMINISTRATOR
    assert not ada.has_usable_password()
    page = client.get(link, follow=True)
    word = "three invented words 5"
    client.post(page.request["PATH_INFO"], {"password1": word, "password2": word})
    assert client.post("/accounts/login/", {"login": ada.email, "password": word}).status_code == 302
    assert "This link no longer works" in client.get(link, follow=True).content.decode()
    with pytest.raises(CommandError, match="There is an administrator already"):
        invite(capsys, email="other@anytown.example")
    assert invite(capsys, email="other@anytown.example", besides=True)


def test_an_invitation_goes_to_no_other_role_and_no_nonsense(system, ben, capsys):
    with pytest.raises(CommandError, match="not an administrator’s"):
        invite(capsys, email=ben.email)
    with pytest.raises(CommandError, match="not an e-mail address"):
        invite(capsys, email="ada")


# --- health ------------------------------------------------------------------------------------------------------


def test_the_parts_say_how_they_are(client, system):
    assert health.report("clock") == (False, {"clock": "has not run yet"})
    tick()
    answer = client.get("/readyz")
    said = answer.json()
    assert answer.status_code == 200 and said.pop("clock") < 60
    assert said == {"ready": True, "database": "ok", "queue": "ok", "outbox": 0}
    Marker.objects.filter(name=Marker.CLOCK).update(set_at=timezone.now() - timedelta(minutes=5))
    outbox.enqueue("ledger.none", key="waits", ready_at=timezone.now() - timedelta(minutes=10))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["clock"] >= 300 and answer.json()["outbox"] >= 600


def test_a_queue_that_does_not_answer_is_said(db, monkeypatch):
    monkeypatch.setattr(health.current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    well, said = health.report("queue")
    assert not well and said["queue"] not in {"ok", ""}


# --- a key that was changed --------------------------------------------------------------------------------------


def test_seals_of_a_key_that_was_changed_can_be_checked_while_it_is_kept(system, settings, tmp_path, monkeypatch):
    settings.SEAL_FILE = tmp_path / "seals"
    monkeypatch.setattr(sealing, "_digest", lambda *block: ("root", 1))
    sealing.seal()
    assert AuditSeal.objects.count() == 1
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another" * 10
    assert "Seal 1 has a bad signature." in sealing.verify()
    settings.SECRET_KEY_FALLBACKS = [old]
    assert sealing.verify() == []
