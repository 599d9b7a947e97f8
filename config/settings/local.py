"""Development and demo on one's own machine: `make run` and `manage.py`."""

from pathlib import Path

from config import env

# What `make run` left for the commands beside it: the secrets made on its first start and, while
# it runs, the addresses of its embedded servers.
_VAR_DIR = Path(env.text("VAR_DIR", str(Path(__file__).resolve().parents[2] / "var")))
env.load_file(_VAR_DIR / "secrets.env")
env.load_file(_VAR_DIR / "services.env")
env.publish({"ALLOW_PASSWORD_GRANT": env.text("ALLOW_PASSWORD_GRANT", "true")})

from config.settings.base import *  # noqa: E402, F403 - base reads what was just loaded

ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
LOGGING = {
    "renderer": "console",
    "level": env.text("LOG_LEVEL", "INFO"),
    "exception_text": True,
}
AUTH_PASSWORD_VALIDATORS = []  # the demo's password is "demo"
# What is not set up goes to files in var/outbox.
MESSAGE_PROVIDERS = {
    channel: FILE_PROVIDER if name == MISSING_PROVIDER else name  # noqa: F405 - from base
    for channel, name in MESSAGE_PROVIDERS.items()  # noqa: F405 - from base
}
# There is no TLS on one's own machine.
OAUTH2_PROVIDER = {**OAUTH2_PROVIDER, "ALLOWED_REDIRECT_URI_SCHEMES": ["http", "https"]}  # noqa: F405 - from base
