"""Back office of change requests: the queue, the comparison, and the decision."""

from changerequests.admin.requests import ChangeRequestAdmin

__all__ = ["ChangeRequestAdmin"]
