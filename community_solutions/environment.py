"""What the environment says, read once: a value, or the file that holds it; nonsense stops the start with a sentence."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

PLANNED_ONCE = "-c plan_cache_mode=force_generic_plan"
"""How web processes plan: a kept statement answers in a millisecond or two, and planning it anew, with all policies, took forty."""


def given(name: str, default: str = "", *, may_be_empty: bool = False) -> str:
    """The value of NAME, or what stands in the file that NAME_FILE names: secrets are files, not values."""
    value, path = os.environ.get(name, "").strip(), os.environ.get(f"{name}_FILE", "").strip()
    if not path:
        return value or default
    if value:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both there. Give one of them.")
    try:
        kept = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as fault:
        why = fault.strerror if isinstance(fault, OSError) else "it is not text"
        raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {why}.") from None
    if not kept and not may_be_empty:
        raise ImproperlyConfigured(f"{name}_FILE names {path}, which is empty.")
    return kept


def yes(name: str, default: bool = False) -> bool:
    """Whether NAME says yes."""
    said = os.environ.get(name, "").strip().lower()
    if said not in {"", "0", "1", "no", "yes", "false", "true"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not “{said}”.")
    return said in {"1", "yes", "true"} if said else default


def number(name: str, default: int, *, least: int, most: int) -> int:
    """The whole number in NAME."""
    said = os.environ.get(name, "").strip() or str(default)
    if not said.isdecimal() or not least <= int(said) <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}, not “{said}”.")
    return int(said)


def words(name: str) -> list[str]:
    """The words in NAME, between commas."""
    return [word.strip() for word in given(name, may_be_empty=True).split(",") if word.strip()]


def public_address(*, production: bool) -> str:
    """Where people reach the service: it stands in e-mails and in invitations."""
    address = given("PUBLIC_ADDRESS", "" if production else "http://localhost:8000").rstrip("/")
    parts = urlsplit(address)
    if production and (parts.scheme != "https" or not parts.hostname or parts.path):
        raise ImproperlyConfigured(
            "Production needs PUBLIC_ADDRESS, the address that people use, for example: https://solutions.anytown.gov.uk"
        )
    return address


def secret_key(home: Path, *, production: bool) -> str:
    """The key from SECRET_KEY or SECRET_KEY_FILE; a laptop makes its own once and keeps it in its local folder."""
    key = given("SECRET_KEY")
    if key:
        if production and (len(key) < 50 or len(set(key)) < 5):
            raise ImproperlyConfigured(
                "SECRET_KEY must be at least 50 characters long, and random. Make one with: openssl rand -hex 40"
            )
        return key
    if production:
        raise ImproperlyConfigured("Production needs SECRET_KEY or SECRET_KEY_FILE.")
    kept = home / "secret_key"
    if not kept.exists():
        home.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
                new.write(secrets.token_hex(40))
        except FileExistsError:
            pass
    return kept.read_text(encoding="utf-8")


def database(process: str, *, production: bool) -> dict[str, object]:
    """Django's database settings for one kind of process.

    It has an address of its own (DATABASE_APP_URL and so on), or one login serves all and takes on the process's role. The
    password stands in the address or apart, in DATABASE_PASSWORD or DATABASE_PASSWORD_FILE.
    """
    url = given({"web": "DATABASE_APP_URL", "job": "DATABASE_JOB_URL", "owner": "DATABASE_OWNER_URL"}[process])
    role = None
    if not url and (shared := given("DATABASE_URL")):
        url, role = shared, {"web": "cs_app", "job": "cs_job", "owner": None}[process]
    if not url and production:
        raise ImproperlyConfigured(
            "Production needs DATABASE_URL, or DATABASE_APP_URL, DATABASE_JOB_URL and DATABASE_OWNER_URL."
        )
    parts = urlsplit(url or "postgres:///community_solutions")
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            "DATABASE_URL must begin with postgres:// - Community Solutions runs on PostgreSQL only."
        )
    apart = given("DATABASE_PASSWORD")
    if apart and parts.password:
        raise ImproperlyConfigured("The database's address holds a password, and DATABASE_PASSWORD another. Give one.")
    query = {k: v[-1] for k, v in parse_qs(parts.query).items()}
    # Many short questions: compiling one takes longer than answering it, and policies make plans look dear.
    options = ["-c jit=off", "-c lock_timeout=5s", "-c idle_in_transaction_session_timeout=300s"]
    if role:
        options.append(f"-c role={role}")
    if process == "web":
        options.append(PLANNED_ONCE)
    return {
        "ENGINE": "ledger.postgres",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": apart or unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": query.pop("port", str(parts.port or "")),
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": " ".join(options), **query},
    }


def queue(home: Path, *, production: bool) -> str:
    """The address of the queue: REDIS_URL, its password there or apart in REDIS_PASSWORD; a laptop's own socket otherwise."""
    url, apart = given("REDIS_URL"), given("REDIS_PASSWORD")
    if not url:
        if production:
            raise ImproperlyConfigured("Production needs REDIS_URL, for example: redis://queue:6379/0")
        return f"redis+socket://{os.environ.get('REDIS_SOCKET', home / 'valkey.sock')}"
    parts = urlsplit(url)
    if parts.scheme not in {"redis", "rediss", "unix", "redis+socket"}:
        raise ImproperlyConfigured("REDIS_URL must begin with redis:// or rediss://.")
    if apart:
        if parts.password:
            raise ImproperlyConfigured("REDIS_URL holds a password, and REDIS_PASSWORD another. Give one.")
        where = f"{quote(parts.username or '')}:{quote(apart, safe='')}@{parts.netloc.rpartition('@')[2]}"
        url = urlunsplit(parts._replace(netloc=where))
    return url


def address_lookup() -> dict[str, object]:
    """Where addresses of a postcode come from: what is on our own records, or OS Places besides."""
    service, key = given("ADDRESS_LOOKUP", "local"), given("OS_PLACES_KEY")
    where = given("OS_PLACES_ADDRESS", "https://api.os.uk/search/places/v1")
    if service not in {"local", "os_places"}:
        raise ImproperlyConfigured(f"ADDRESS_LOOKUP must be local or os_places, not “{service}”.")
    if service == "os_places" and not key:
        raise ImproperlyConfigured("ADDRESS_LOOKUP=os_places needs OS_PLACES_KEY or OS_PLACES_KEY_FILE.")
    parts = urlsplit(where)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"}):
        raise ImproperlyConfigured("OS_PLACES_ADDRESS must begin with https://.")
    seconds = number("ADDRESS_LOOKUP_SECONDS", 2, least=1, most=10)
    return {
        "ADDRESS_LOOKUP": service,
        "OS_PLACES_KEY": key,
        "OS_PLACES_ADDRESS": where,
        "ADDRESS_LOOKUP_SECONDS": seconds,
    }


def mail(home: Path, *, production: bool) -> dict[str, object]:
    """Django's settings for sending e-mail: a server where EMAIL_HOST names one; a laptop keeps messages as files."""
    host = given("EMAIL_HOST")
    if production and not (host and given("DEFAULT_FROM_EMAIL")):
        raise ImproperlyConfigured("Production needs EMAIL_HOST and DEFAULT_FROM_EMAIL: invitations go by e-mail.")
    files = "django.core.mail.backends.filebased.EmailBackend"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend" if host else given("EMAIL_BACKEND", files),
        "EMAIL_FILE_PATH": home / "mail",
        "EMAIL_HOST": host or "localhost",
        "EMAIL_PORT": number("EMAIL_PORT", 587, least=1, most=65535),
        "EMAIL_HOST_USER": given("EMAIL_HOST_USER"),
        "EMAIL_HOST_PASSWORD": given("EMAIL_HOST_PASSWORD", may_be_empty=True),
        "EMAIL_USE_TLS": yes("EMAIL_USE_TLS", default=True),
        "EMAIL_TIMEOUT": 10,
        "DEFAULT_FROM_EMAIL": given("DEFAULT_FROM_EMAIL", "community.solutions@anytown.example"),
    }
