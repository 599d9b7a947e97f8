"""The yardstick: one statement by primary key, the text straight to the wire."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path


def details(_request: HttpRequest, contact_id: int) -> HttpResponse:
    """The details of a contact, unprotected."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT details::text FROM contacts_contact WHERE id = %s", [contact_id])
        row = cursor.fetchone()
    return HttpResponse(row[0], content_type="application/json")


urlpatterns = [path("raw/<int:contact_id>", details)]
