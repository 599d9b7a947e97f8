"""Back office of lists: everything goes through the services, nothing is ever deleted (S6)."""

from lists.admin.items import ListItemAdmin
from lists.admin.lists import ListAdmin

__all__ = ["ListAdmin", "ListItemAdmin"]
