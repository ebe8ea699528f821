"""All settings. The default is a laptop that runs from a clone; the environment makes it production.

Each variable is read once, and nonsense stops the start with a sentence.
"""

import os
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from community_solutions import environment
from ledger.clothes import clothes_from

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("CS_HOME") or BASE_DIR / ".local")

PRODUCTION = environment.yes("CS_PRODUCTION")
DEBUG = environment.yes("DEBUG")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG shows what people wrote to whoever sees an error: production refuses it.")
SECRET_KEY = environment.secret_key(HOME, production=PRODUCTION)
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS") or (
    [] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
)
if PRODUCTION and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured("Production needs ALLOWED_HOSTS, for example: ALLOWED_HOSTS=solutions.anytown.gov.uk")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if PRODUCTION]

# COUNCIL_NAME, COUNCIL_COLOUR, COUNCIL_LINK_COLOUR, COUNCIL_LOGO: colours in which words could not be read are refused.
COUNCIL = clothes_from(os.environ)
COUNCIL_NAME = COUNCIL.name
SERVICE_NAME = "Community Solutions"
PUBLIC_ADDRESS = environment.public_address(production=PRODUCTION)

# --- rooms, from the ground up -----------------------------------------------------------------------------------
ROOMS = ["ledger", "accounts", "directory", "residents", "intake", "triage", "cases", "referrals", "reporting", "desk"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "community_solutions.static.OurStaticFiles",
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
    "ledger.requests.compress_pages",
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
    "ledger.requests.draw_again",
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
DATABASES = {"default": environment.database(PROCESS, production=PRODUCTION)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = environment.queue(HOME, production=PRODUCTION)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "ledger_cache",
    },
    # Each process by itself, bounded: pictures and files of figures until the next computation (reporting/kept.py).
    "drawn": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 60},
    },
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
    "say-that-the-clock-runs": {"task": "ledger.tick", "schedule": 10.0},
    "fold-in-new-work": {
        "task": "reporting.fold_in",
        "schedule": float(environment.number("FOLD_IN_SECONDS", 30, least=1, most=3600)),
    },
    "catch-up-the-search": {"task": "residents.catch_up", "schedule": crontab(hour=3, minute=25)},
    "recompute-every-month": {"task": "reporting.recompute", "schedule": crontab(hour=2, minute=20)},
    "find-likely-pairs": {"task": "residents.find_pairs", "schedule": crontab(hour=1, minute=40)},
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
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # an invitation holds for a day
if PRODUCTION:
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # the proxy alone says whose address it was, or everybody would share one limit
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
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
globals().update(environment.mail(HOME, production=PRODUCTION))
globals().update(environment.address_lookup())
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
