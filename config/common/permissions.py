"""DRF's default permission. It stands alone, because DRF imports it while views are made."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class DenyAll(BasePermission):
    """A view that does not derive from `config.common.api.ApiView` answers nobody (A1)."""

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        return False
