"""Back office of contacts, members, roles and apps."""

from django.contrib import admin
from django.contrib.auth.models import Group
from oauth2_provider.models import AccessToken, Grant, IDToken, RefreshToken

from contacts.models import App

# The toolkit and Django register pages of their own. Tokens and grants are nobody's to look at;
# apps and roles get pages that go through the services.
for _model in (AccessToken, RefreshToken, Grant, IDToken, App, Group):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)

from contacts.admin.apps import AppAdmin  # noqa: E402 - after the toolkit's page of the same model
from contacts.admin.contact_types import ContactTypeAdmin  # noqa: E402
from contacts.admin.contacts import ContactAdmin  # noqa: E402
from contacts.admin.members import MemberAdmin  # noqa: E402
from contacts.admin.roles import RoleAdmin  # noqa: E402

__all__ = ["AppAdmin", "ContactAdmin", "ContactTypeAdmin", "MemberAdmin", "RoleAdmin"]
