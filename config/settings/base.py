"""Settings that hold everywhere; the other modules of this package change values, not parts."""

from pathlib import Path

from csp.constants import NONE, SELF

from config import env
from config.back_office import *  # noqa: F403 - one namespace is how Django reads settings
from config.common.logging import LogSettings
from config.settings.jobs import *  # noqa: F403 - the same
from config.settings.messages import *  # noqa: F403 - the same
from config.settings.product import *  # noqa: F403 - the same

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

# Secrets and addresses: no defaults.
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS")
JWT_SIGNING_KEY = env.text("JWT_SIGNING_KEY")
# Erased external ids are known again by hashes with this key: it must outlive other secrets.
ERASED_ID_KEY = env.text("ERASED_ID_KEY", SECRET_KEY)
DEBUG = env.flag("DEBUG", default=False)
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS")
# Whose X-Forwarded-For is believed.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")

# --- Parts -------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",  # before the admin, whose templates it replaces
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oauth2_provider",
    "axes",
    "csp",
    "config",
    "config.common",
    "lists",
    "crmschema",
    "contacts",
    "legalentities",
    "changerequests",
]

# The back-office variants do nothing on paths of the API, which has neither sessions nor cookies.
MIDDLEWARE = [
    "config.common.middleware.ApiBoundaryMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.common.middleware.BackOfficeSecurityMiddleware",
    "config.common.middleware.BackOfficeSessionMiddleware",
    "config.common.middleware.BackOfficeLocaleMiddleware",
    "config.common.middleware.BackOfficeCommonMiddleware",
    "config.common.middleware.BackOfficeCsrfMiddleware",
    "config.common.middleware.BackOfficeAuthenticationMiddleware",
    "config.common.middleware.BackOfficeMessageMiddleware",
    "config.common.middleware.BackOfficeAxesMiddleware",
    "config.common.middleware.BackOfficeClickjackingMiddleware",
    "config.common.middleware.BackOfficeCspMiddleware",
]

SILENCED_SYSTEM_CHECKS = [
    # These look for the name of a middleware class, not for one derived from it.
    "axes.W002",
    "security.W001",
    "security.W002",
    "security.W003",
    # It builds the API document in the package's way; ours is built and checked by `openapi`.
    "drf_spectacular.E001",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False

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

# --- Stores ------------------------------------------------------------------------------------
DATABASES = {"default": env.database()}
DATABASES["default"] |= {
    # One connection per thread for as long as it works; a dead one is replaced before use.
    "CONN_MAX_AGE": None,
    "CONN_HEALTH_CHECKS": True,
}
# Statements are prepared on the server with their second use: a third less time for a read.
DATABASES["default"]["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 1}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Nothing that matters lives in a cache: each process may lose its own at any time.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "media"
# Where the provider for development writes messages.
OUTBOX_DIRECTORY = VAR_DIR / "outbox"

# Forms of pages; the kernel counts the bodies of the API itself, per operation.
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES  # noqa: F405 - of the product's settings
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# --- Language and time -------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# --- Identity ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "contacts.Member"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.common.handlers.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
# Nothing reads it, and it would keep who signed in from where for ever.
AXES_DISABLE_ACCESS_LOG = True
AXES_USERNAME_CALLABLE = "config.common.sign_in.counted_username"
AXES_CLIENT_IP_CALLABLE = "config.common.client_address.client_address"

ACCESS_TOKEN_SECONDS = 900
JWT_ISSUER = env.text("JWT_ISSUER", "client-services")
JWT_AUDIENCE = env.text("JWT_AUDIENCE", "client-services-api")
# Members sign in with their password at the token endpoint: for demos and trusted consoles only.
ALLOW_PASSWORD_GRANT = env.flag("ALLOW_PASSWORD_GRANT", default=False)

OAUTH2_PROVIDER_APPLICATION_MODEL = "contacts.App"
OAUTH2_PROVIDER = {
    "ACCESS_TOKEN_GENERATOR": "config.common.tokens.generate_access_token",
    "ACCESS_TOKEN_EXPIRE_SECONDS": ACCESS_TOKEN_SECONDS,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 8 * 3600,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "SCOPES_BACKEND_CLASS": "contacts.oauth.AppScopes",
    "PKCE_REQUIRED": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REQUEST_APPROVAL_PROMPT": "auto",
    # The RFC 9700 gates: refuse what the current best practice forbids. Only the password grant
    # can be let through, by its setting.
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": not ALLOW_PASSWORD_GRANT,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    # Tokens are stored as checksums only.
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
}

# Only own files; what the admin's scripts need beyond that is allowed below its path alone.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}
# Alpine.js in the admin's theme evaluates expressions and writes style attributes.
BACK_OFFICE_CSP_UPDATE = {
    "script-src": ["'unsafe-eval'"],
    "style-src": ["'unsafe-inline'"],
}

# --- API ---------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "config.common.handlers.api_exception_handler",
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["config.common.permissions.DenyAll"],
    "UNAUTHENTICATED_USER": None,
}
# What else the document says is in config.openapi.
SPECTACULAR_SETTINGS = {"OAS_VERSION": "3.1.0", "POSTPROCESSING_HOOKS": []}

# --- Logs and figures --------------------------------------------------------------------------
# The callable receives LOGGING; Django calls it at start-up, the Celery worker does so again.
LOGGING_CONFIG = "config.common.logging.configure"
LOGGING: LogSettings = {
    "renderer": "json",
    "level": env.text("LOG_LEVEL", "INFO"),
    "exception_text": False,
}

# Without a token /metrics answers to this machine only.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
# Where the web processes share their figures; the Prometheus client reads the same variable.
METRICS_DIRECTORY = env.text("PROMETHEUS_MULTIPROC_DIR", "")
