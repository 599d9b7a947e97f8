"""`python -m config.embedded.scratch manage.py …`: a command on throw-away servers, test settings.

For checks and generators that need a database to talk to, but none that holds anything.
"""

import subprocess
import sys

from config import env
from config.embedded.errors import EmbeddedError
from config.embedded.processes import end_in_order_on_sigterm
from config.embedded.servers import start_throw_away


def main() -> int:
    """Run Python with the arguments given; its exit status is ours."""
    if len(sys.argv) == 1:
        print(__doc__)
        return 2
    end_in_order_on_sigterm()
    try:
        stop = start_throw_away()
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        env.publish({"DJANGO_SETTINGS_MODULE": "config.settings.test"})
        return subprocess.run([sys.executable, *sys.argv[1:]], check=False).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        stop()


if __name__ == "__main__":
    sys.exit(main())
