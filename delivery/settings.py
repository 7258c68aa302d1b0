"""Django settings: one file for all processes; what differs between machines comes from `delivery.env`."""

from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from delivery import env
from delivery.console import look as console
from delivery.ground import logging
from delivery.ground.postgresql import pool

BASE_DIR = env.BASE_DIR
SECRET_KEY = env.secret_key()
DEBUG = False
ALLOWED_HOSTS = env.allowed_hosts()
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host not in ("localhost", "127.0.0.1")]

INSTALLED_APPS = [
    "delivery.apps.DeliveryConfig",
    "delivery.ground",
    "delivery.accounts",
    "delivery.cities",
    "delivery.devices",
    "restaurants",
    "delivery.orders",
    "delivery.payments",
    "delivery.messaging",
    "delivery.integrations",
    "delivery.checkout",
    "delivery.storefront",
    "dispatch",
    "dispatch.fleet",
    "dispatch.desk",
    "printing",
    "delivery.demo",
    "unfold",
    "delivery.console",
    "channels",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "csp",
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    "delivery.ground.health.HealthMiddleware",
    "delivery.ground.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "delivery.ground.static.StaticMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads each page at random, so its length tells nothing
    "csp.middleware.CSPMiddleware",
    "delivery.console.middleware.ConsolePolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "delivery.ground.http.RequestIdMiddleware",
    "delivery.ground.http.ProblemMiddleware",
    "delivery.ground.http.CsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "delivery.devices.middleware.ActorMiddleware",
    "delivery.demo.presence.PresenceMiddleware",
    "delivery.ground.language.LanguageMiddleware",
    "delivery.ground.http.AccessMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "delivery.urls"
ASGI_APPLICATION = "delivery.asgi.application"
WSGI_APPLICATION = "delivery.wsgi.application"

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
            ],
        },
    },
]


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "delivery.ground.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": 0,  # under ASGI a kept connection leaks with its thread; the pool keeps them instead
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**pool.options(max_size=env.pool_size()), "application_name": env.process_name()},
    }


# Commands that need no database still import the models: their engine refuses every query.
_database_url = env.database_url()
DATABASES = {"default": _database(_database_url) if _database_url else {"ENGINE": "django.db.backends.dummy"}}
REDIS_URL = env.redis_url() or ""
KEY_PREFIX = env.key_prefix()

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = int(timedelta(minutes=10).total_seconds())
ACCOUNT_RATE_LIMITS = False  # counted in PostgreSQL by our adapter: a cache in one process forgets and does not share
ACCOUNT_ADAPTER = "delivery.accounts.web.adapter.Adapter"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "delivery.ground.http.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.is_https()
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.is_https() else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
MEDIA_ROOT = env.data_dir() / "media"  # no MEDIA_URL: what is in it is served by views that ask for rights
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# The street map of all screens: a .pmtiles, here or on a server that allows range requests from here.
MAP_TILES = env.map_tiles()
_tiles_from = ["://".join(urlsplit(MAP_TILES)[:2])] if urlsplit(MAP_TILES).netloc else []

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF, *_tiles_from],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

VERSION = "0.1.0"  # pyproject.toml; tablets show it, so that somebody on the phone can read it out
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "delivery.ground.static.VersionedStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Truth is PostgreSQL: no result backend, no beat; Celery carries hints, and the rows decide.
CELERY_BROKER_URL = REDIS_URL or "redis://127.0.0.1:1/0"
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": f"{KEY_PREFIX}:", "socket_timeout": 2.0}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"printing.*": {"queue": "print"}}
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True  # those acknowledged late: we have none
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

LOGGING = logging.configuration()

# Printers are reached only inside these networks (CIDR); an empty list reaches none.
PRINTER_NETWORKS = env.printer_networks()
PRINTER_FOLDERS = env.printer_folders()

# Webhooks go to the public internet; inside these networks (CIDR) also to private addresses, without https.
WEBHOOK_NETWORKS = env.webhook_networks()

# The streets that deliverers ride along and that addresses are found in; None rides straight lines.
STREET_NETWORK = env.street_network()
# A routing service that tells travel times instead, e.g. osrm+http://127.0.0.1:5000; see dispatch/routing.py.
TRAVEL_SERVICE = env.travel_service()

# Texts to people: a class like delivery.messaging.ports.Port.
MESSAGE_PORT = "delivery.messaging.ports.ConsolePort"

# Numbers that deliverers dial: a class like dispatch.contact.ContactPort.
CONTACT_PORT = "dispatch.contact.DirectNumbers"

UNFOLD = console.UNFOLD
