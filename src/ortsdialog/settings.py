"""Settings of the whole house, from the typed configuration. One file, no tree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO

from ortsdialog.config import config
from ortsdialog.kernel.language import INTERFACE_LANGUAGES

PACKAGE = Path(__file__).resolve().parent

SECRET_KEY = config.secret_key
DEBUG = config.debug
DEMO = config.demo
ALLOWED_HOSTS = list(config.allowed_hosts)
BASE_URL = config.base_url
STATEMENTS_PER_DEVICE = config.statements_per_device
OPERATOR = config.operator
CSRF_TRUSTED_ORIGINS = [config.base_url] if config.base_url.startswith("https://") else []
ROOT_URLCONF = "ortsdialog.urls"
ASGI_APPLICATION = "ortsdialog.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The order of the contexts is the order of time (house: floors).
CONTEXTS = [
    "ortsdialog.ground.places",
    "ortsdialog.ground.accounts",
    "ortsdialog.ground.process",
    "ortsdialog.meet.gatherings",
    "ortsdialog.meet.contributions",
    "ortsdialog.meet.capture",
    "ortsdialog.deliver.plan",
    "ortsdialog.show.site",
]
INSTALLED_APPS = [
    # First: its templates dress the sign-in pages of allauth.
    "ortsdialog.kernel.ui",
    "ortsdialog.kernel",
    *CONTEXTS,
    "ortsdialog.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_cotton.apps.SimpleAppConfig",
    "django_tasks",
    "django_tasks_db",
    "rules",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ortsdialog.kernel.precedence.PagesFirstMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "ortsdialog.kernel.language.middleware.LanguageLinkMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ortsdialog.kernel.access.caching.PersonalPagesMiddleware",
    # A view is closed unless it says @public.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "ortsdialog.kernel.storage.StorageTroubleMiddleware",
]

# cotton needs its loader first; spelled out, because its automatic set-up hides what runs.
_LOADERS: list[Any] = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "OPTIONS": {
            "loaders": _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "ortsdialog.kernel.ui.templatetags.ortsdialog_ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "ortsdialog.kernel.ui.context.site",
            ],
        },
    }
]
FORM_RENDERER = "ortsdialog.kernel.ui.forms.KernRenderer"

# ---- Database -----------------------------------------------------------------------------------
DATABASES = {"default": config.database}

# ---- Languages ----------------------------------------------------------------------------------
# Django knows no plain German: without an entry here it would be served in German, silently.
LANG_INFO["de-ls"] = {"bidi": False, "code": "de-ls", "name": "Plain German", "name_local": "Einfaches Deutsch"}
LANGUAGE_CODE = "de"
LANGUAGES = list(INTERFACE_LANGUAGES.items())
LANGUAGE_COOKIE_NAME = "sprache"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = config.time_zone

# ---- Files --------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = config.data_dir / "static"
STATICFILES_DIRS = [PACKAGE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "ortsdialog.kernel.ui.static_files.NamedByContent"},
}
MEDIA_ROOT = config.data_dir / "media"

# ---- Accounts -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/schreibtisch/"
LOGOUT_REDIRECT_URL = "/"
# Whom the limits of failed sign-ins count: the visitor, not the proxy in front of the site.
ALLAUTH_TRUSTED_PROXY_COUNT = config.trusted_proxies
MFA_ADAPTER = "ortsdialog.ground.accounts.second_factor.SecondFactorAdapter"
ACCOUNT_ADAPTER = "ortsdialog.ground.accounts.sign_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# A link with a key in it never travels over http, whatever the proxy says of the request.
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if config.https else "http"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Ortsdialog"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = config.demo
USERSESSIONS_TRACK_ACTIVITY = False
# Invented people in an invented town need no second factor; everybody else does.
SECOND_FACTOR_REQUIRED = not config.demo
SECOND_FACTOR_URL = "mfa_index"

# ---- Jobs, mail, cache --------------------------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "ENQUEUE_ON_COMMIT": False}}
# Workers share it: rate limits count over all of them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
        # A full cache drops a third. With few entries a stranger could flush the counters of failed sign-ins.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}
# A server that translates what was approved; empty: none does.
TRANSLATION_URL = config.translation_url
TRANSLATION_KEY = config.translation_key
EMAIL_BACKEND = config.mail.backend
# A console or a void is no mail: pages then say that the link has to be handed over.
MAIL_LEAVES = bool(config.mail.host)
EMAIL_HOST = config.mail.host
EMAIL_PORT = config.mail.port
EMAIL_HOST_USER = config.mail.user
EMAIL_HOST_PASSWORD = config.mail.password
EMAIL_USE_TLS = config.mail.use_tls
EMAIL_USE_SSL = config.mail.use_ssl
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = config.mail_from
EMAIL_SUBJECT_PREFIX = ""

# ---- Safety -------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # KERN draws its icons as data: addresses.
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = config.https
SESSION_COOKIE_NAME = "__Host-sitzung" if config.https else "sitzung"
CSRF_COOKIE_NAME = "__Host-csrf" if config.https else "csrf"
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if config.https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if config.trusted_proxies else None
# A statement is short; a longer form is a mistake or an attack.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_secrets": {"()": "ortsdialog.kernel.discretion.WithoutSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["without_secrets"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"ortsdialog": {"level": "INFO"}},
}
