"""The yardstick's server: plain Django, no middleware, no authentication, the product's database
connection settings.
"""

from config import env

SECRET_KEY = "yardstick-signs-nothing"  # noqa: S105 - it signs nothing
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "benchmarks.raw_urls"
MIDDLEWARE: list[str] = []
INSTALLED_APPS: list[str] = []
DATABASES = {"default": env.database()}
DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
DATABASES["default"]["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 1}
LOGGING_CONFIG = None
USE_TZ = True
TIME_ZONE = "UTC"
