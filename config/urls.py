"""Routes of the product. Each app names its own; here they only meet."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
