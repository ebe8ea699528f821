"""All settings. The default is a laptop that runs from a clone; the environment makes it production.

Each variable is read once, and nonsense stops the start with a sentence.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from ledger.clothes import clothes_from

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("CS_HOME") or BASE_DIR / ".local")


def _yes(name: str, default: bool = False) -> bool:
    given = os.environ.get(name, "").strip().lower()
    if given not in {"", "0", "1", "no", "yes", "false", "true"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not “{given}”.")
    return given in {"1", "yes", "true"} if given else default


def _secret_key(production: bool) -> str:
    """The key from SECRET_KEY or SECRET_KEY_FILE; a laptop makes its own once and keeps it in its local folder."""
    given = os.environ.get("SECRET_KEY", "")
    if not given and (path := os.environ.get("SECRET_KEY_FILE")):
        given = Path(path).read_text(encoding="utf-8").strip()
    if given:
        if production and len(given) < 50:
            raise ImproperlyConfigured(
                "SECRET_KEY must be at least 50 characters long. Make one with: openssl rand -hex 40"
            )
        return given
    if production:
        raise ImproperlyConfigured("Production needs SECRET_KEY or SECRET_KEY_FILE.")
    kept = HOME / "secret_key"
    if not kept.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
                new.write(secrets.token_hex(40))
        except FileExistsError:
            pass
    return kept.read_text(encoding="utf-8")


def _database(url: str, *, role: str | None) -> dict[str, object]:
    """Django's database settings from an address. `role` is taken on after sign-in where one login serves all processes."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            "DATABASE_URL must begin with postgres:// - Community Solutions runs on PostgreSQL only."
        )
    query = {k: v[-1] for k, v in parse_qs(parts.query).items()}
    options = ["-c lock_timeout=5s", "-c idle_in_transaction_session_timeout=300s"]
    if role:
        options.append(f"-c role={role}")
    return {
        "ENGINE": "ledger.postgres",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": query.pop("port", str(parts.port or "")),
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": " ".join(options), **query},
    }


PRODUCTION = _yes("CS_PRODUCTION")
DEBUG = _yes("DEBUG") and not PRODUCTION
SECRET_KEY = _secret_key(PRODUCTION)
SECRET_KEY_FALLBACKS = [k for k in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if k]
ALLOWED_HOSTS = [h for h in os.environ.get("ALLOWED_HOSTS", "").split(",") if h] or (
    [] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
)
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Production needs ALLOWED_HOSTS, for example: ALLOWED_HOSTS=solutions.anytown.gov.uk")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if PRODUCTION]

# COUNCIL_NAME, COUNCIL_COLOUR, COUNCIL_LINK_COLOUR, COUNCIL_LOGO: colours in which words could not be read are refused.
COUNCIL = clothes_from(os.environ)
COUNCIL_NAME = COUNCIL.name
SERVICE_NAME = "Community Solutions"
PUBLIC_ADDRESS = os.environ.get("PUBLIC_ADDRESS", "http://localhost:8000").rstrip("/")

# --- rooms, from the ground up -----------------------------------------------------------------------------------
ROOMS = ["ledger", "accounts", "directory", "residents", "intake", "triage", "cases", "referrals", "reporting", "desk"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "crispy_forms",
    "crispy_forms_gds",
    "django_htmx",
    "csp",
    *[room for room in ROOMS if (BASE_DIR / room / "apps.py").exists()],
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "ledger.requests.name_request",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ledger.requests.serve_clothes",
    "csp.middleware.CSPMiddleware",
    "ledger.requests.guard_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.sessions.end_idle_session",
    "accounts.sessions.act_as_user",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "community_solutions.urls"
WSGI_APPLICATION = "community_solutions.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ledger.context.council",
                "desk.navigation.navigation",
                "desk.shortcuts.at_hand",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["gds"]
CRISPY_TEMPLATE_PACK = "gds"
CRISPY_FAIL_SILENTLY = PRODUCTION

# --- database and queue ------------------------------------------------------------------------------------------
# One login per kind of process where the addresses are given apart; otherwise one login that takes on the kind's role.
PROCESS = os.environ.get("CS_PROCESS", "job")
if PROCESS not in {"web", "job", "owner"}:
    raise ImproperlyConfigured(f"CS_PROCESS must be web, job or owner, not “{PROCESS}”.")
_url = os.environ.get(
    {"web": "DATABASE_APP_URL", "job": "DATABASE_JOB_URL", "owner": "DATABASE_OWNER_URL"}[PROCESS], ""
)
_role = None
if not _url and os.environ.get("DATABASE_URL"):
    _url, _role = os.environ["DATABASE_URL"], {"web": "cs_app", "job": "cs_job", "owner": None}[PROCESS]
if not _url and PRODUCTION:
    raise ImproperlyConfigured(
        "Production needs DATABASE_URL, or DATABASE_APP_URL, DATABASE_JOB_URL and DATABASE_OWNER_URL."
    )
DATABASES = {"default": _database(_url or "postgres:///community_solutions", role=_role)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_socket = os.environ.get("REDIS_SOCKET", str(HOME / "valkey.sock"))
CELERY_BROKER_URL = os.environ.get("REDIS_URL") or f"redis+socket://{_socket}"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "ledger_cache",
    }
}
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 300, "socket_timeout": 5, "socket_connect_timeout": 5}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Europe/London"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "seal-the-trail": {"task": "ledger.seal", "schedule": 60.0},
    "sweep-the-ledger": {"task": "ledger.sweep", "schedule": crontab(hour=3, minute=10)},
    "fold-in-new-work": {"task": "reporting.fold_in", "schedule": 30.0},
    "recompute-every-month": {"task": "reporting.recompute", "schedule": crontab(hour=2, minute=20)},
    "chase-unanswered-referrals": {"task": "referrals.chase", "schedule": crontab(hour=7, minute=30)},
}

# --- who ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.StaffAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_SESSION_REMEMBER = False  # a shared desk forgets who sat there when its browser closes
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/15m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SERVICE_NAME
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "ledger.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "accounts.views.pages.csrf_failure"
if PRODUCTION:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# The one inline script is the design system's fixed line, allowed by its hash, so that pages need no nonce.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, "'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='"],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- words, time, files ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
DATE_FORMAT, SHORT_DATE_FORMAT, TIME_FORMAT = "j F Y", "j M Y", "g:ia"
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or HOME / "staticfiles")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = HOME / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "community.solutions@anytown.example")
SEAL_FILE = Path(os.environ.get("SEAL_FILE") or HOME / "seals.log")

# --- history and logs --------------------------------------------------------------------------------------------
PGHISTORY_APPEND_ONLY = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "ledger.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers would write request paths with people's words, or mail local variables.
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        "community_solutions": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "ledger.logs.NothingPersonal"
