"""Routes of the product. Each app names its own; here they only meet."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.i18n import set_language

from config.common import health, metrics
from config.common.api import UnknownRouteView

urlpatterns = [
    path("", include("contacts.urls")),
    path("", include("changerequests.urls")),
    path("", include("crmschema.urls")),
    path("", include("lists.urls")),
    path("", include("config.oauth_urls")),
    path("", include("config.openapi.urls")),
    path("admin/language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("metrics", metrics.metrics),
    # Below the API's prefixes a caller is asked for a token before it learns what there is (F5).
    re_path(r"^v1\.", UnknownRouteView.as_view()),
]

handler400 = "config.common.handlers.handler400"
handler403 = "config.common.handlers.handler403"
handler404 = "config.common.handlers.handler404"
handler500 = "config.common.handlers.handler500"
