"""The OAuth2 endpoints, at exactly these addresses (include at the root)."""

from django.urls import path

from config import oauth_views

app_name = "oauth2_provider"

urlpatterns = [
    path("connect/token", oauth_views.TokenView.as_view(), name="token"),
    path("connect/authorize", oauth_views.AuthorizationView.as_view(), name="authorize"),
    path("connect/revoke", oauth_views.RevokeTokenView.as_view(), name="revoke-token"),
    path("connect/introspect", oauth_views.IntrospectTokenView.as_view(), name="introspect"),
]
