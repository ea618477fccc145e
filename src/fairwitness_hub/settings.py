"""Django's settings, from the deployment's own: the only place in the hub that reads the environment.

`FAIRWITNESS_HOME` is the data folder. `FAIRWITNESS_HUB_URL` is the address that people
type; anything but plain http on this machine must be https.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from fairwitness.config import load_settings
from fairwitness.errors import Misconfigured
from fairwitness_hub import first_start

HERE = Path(__file__).resolve().parent

if not os.environ.get("FAIRWITNESS_HOME"):
    raise Misconfigured(
        "no data folder is named.",
        setting="FAIRWITNESS_HOME",
        hint="Set it to the folder that `fairwitness init` made.",
    )
HOME = Path(os.environ["FAIRWITNESS_HOME"]).expanduser().resolve()
HUB_FOLDER = first_start.hub_folder(HOME)
_file = HOME / "fairwitness.toml"
DEPLOYMENT = load_settings(home=HOME, text=_file.read_text() if _file.exists() else "", environ=os.environ)
_listens = f"http://{DEPLOYMENT.hub_host}:{DEPLOYMENT.hub_port}"
HUB_URL = os.environ.get("FAIRWITNESS_HUB_URL", _listens).rstrip("/")

_address = urlsplit(HUB_URL)
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
PLAIN_LOOPBACK = _address.scheme == "http" and _address.hostname in _LOOPBACK
if not PLAIN_LOOPBACK and _address.scheme != "https":
    raise Misconfigured(
        "the hub may be plain http only on this machine.",
        setting="FAIRWITNESS_HUB_URL",
        hint="Use an https address, with a proxy that ends TLS in front.",
        value=HUB_URL,
    )

DEBUG = False
# No secret is on the disk: wiring puts the keyring's in its place once the house is open.
SECRET_KEY = secrets.token_urlsafe(64)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"] if PLAIN_LOOPBACK else [_address.hostname or ""]
CSRF_TRUSTED_ORIGINS = [f"{_address.scheme}://{_address.netloc}"]
ROOT_URLCONF = "fairwitness_hub.urls"
ASGI_APPLICATION = "fairwitness_hub.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "fairwitness_hub.design",
    "fairwitness_hub.accounts",
    "fairwitness_hub.audit",
    "fairwitness_hub.conversation",
    "fairwitness_hub.inbox",
    "fairwitness_hub.people",
    "fairwitness_hub.search",
    "fairwitness_hub.record",
    "fairwitness_hub.today",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "fairwitness_hub.design.middleware.Headers",
    "fairwitness_hub.design.middleware.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "fairwitness_hub.design.middleware.Preferences",
    "allauth.account.middleware.AccountMiddleware",
    "fairwitness_hub.gate.Gate",
    "fairwitness_hub.audit.middleware.Audit",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fairwitness_hub.navigation.navigation",
            ],
            "builtins": ["django.templatetags.i18n", "fairwitness_hub.design.templatetags.hub"],
        },
    }
]

# Python's own SQLite may carry the WAL-reset fault, so the journal is the old one.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": first_start.database_file(HUB_FOLDER),
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        },
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Sessions and cookies
SESSION_ENGINE = "fairwitness_hub.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not PLAIN_LOOPBACK
SESSION_COOKIE_NAME = "fw-session" if PLAIN_LOOPBACK else "__Host-fw-session"
CSRF_COOKIE_NAME = "fw-csrf" if PLAIN_LOOPBACK else "__Host-fw-csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = "fw-language"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "fairwitness_hub.design.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Signing in
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("MinimumLengthValidator", {"min_length": 12}),
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email",)}),
        ("CommonPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "fairwitness_hub.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_ADAPTER = "fairwitness_hub.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Fairwitness"
MFA_TOTP_TOLERANCE = 1
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
SIGN_IN_LINK_SECONDS = 15 * 60

# Words, times, files
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("pt-br", "Português (Brasil)")]
LOCALE_PATHS = [HERE / "locale"]
STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
# Every address of a static file names the digest of its content, so it may be kept for long.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 365 * 24 * 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Django's own parts of the strict headers; the rest is in design/middleware.py
SECURE_HSTS_SECONDS = 0 if PLAIN_LOOPBACK else 365 * 24 * 3600
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "propagate": True, "level": "WARNING"}},
}
