"""The OpenAPI document, generated from the views."""

from drf_spectacular.openapi import AutoSchema


class ApiSchema(AutoSchema):
    """One operation of the API."""
