"""Tests: fixed keys, cheap password hashes, plain static files, nothing else different."""

from config import env

env.publish(
    {
        "SECRET_KEY": "test-secret-key-that-signs-nothing-of-value-0123456789",
        "JWT_SIGNING_KEY": "test-signing-key-that-signs-nothing-of-value-0123456789",
        "ALLOW_PASSWORD_GRANT": "true",
    }
)

from config.settings.base import *  # noqa: E402, F403 - base reads what was just set

# Tests that commit empty their tables afterwards, also those that are append-only.
DATABASES["default"]["OPTIONS"]["options"] = "-c client_services.allow_truncate=on"  # noqa: F405
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
OAUTH2_PROVIDER = {
    **OAUTH2_PROVIDER,  # noqa: F405 - from base
    "CLIENT_SECRET_HASHER": "md5",
    "ALLOWED_REDIRECT_URI_SCHEMES": ["http", "https"],
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Files come straight from the apps; nothing is collected for tests.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
LOGGING = {"renderer": "json", "level": "WARNING", "exception_text": False}
