"""Settings of the back office: what it is called, how it looks, what its navigation offers.

What depends on the reader is named here and computed in `config.dashboard`.
"""

from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

__all__ = [
    "AXES_ENABLE_ADMIN",
    "AXES_LOCKOUT_CALLABLE",
    "CSRF_COOKIE_HTTPONLY",
    "FORMAT_MODULE_PATH",
    "UNFOLD",
]

# An ink blue, made lighter and darker by its lightness alone.
_INK = {
    "50": "oklch(97.3% .012 250)",
    "100": "oklch(94% .027 250)",
    "200": "oklch(88.5% .05 251)",
    "300": "oklch(80% .085 252)",
    "400": "oklch(69.5% .118 253)",
    "500": "oklch(58% .135 254)",
    "600": "oklch(48.5% .135 255)",
    "700": "oklch(41% .118 256)",
    "800": "oklch(34.5% .095 257)",
    "900": "oklch(28.5% .072 258)",
    "950": "oklch(21% .052 259)",
}

UNFOLD: dict[str, Any] = {  # Any: the theme's own shape
    "SITE_TITLE": _("Client services"),
    "SITE_HEADER": _("Client services"),
    "SITE_SUBHEADER": _("Back office"),
    "SITE_SYMBOL": "account_balance",
    "SITE_URL": None,
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("back_office/icon.svg"),
        }
    ],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "BORDER_RADIUS": "8px",
    "COLORS": {"primary": _INK},
    "STYLES": [lambda request: static("back_office/back_office.css")],
    "DASHBOARD_CALLBACK": "config.dashboard.dashboard",
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": "config.dashboard.navigation",
    },
}

# Wrong passwords: a page instead of a line of text. The attempts themselves are nobody's reading.
AXES_LOCKOUT_CALLABLE = "config.common.sign_in.locked_out"
AXES_ENABLE_ADMIN = False
# No script reads the token: every form carries it.
CSRF_COOKIE_HTTPONLY = True
# Times are in UTC and say so.
FORMAT_MODULE_PATH = ["config.formats"]
