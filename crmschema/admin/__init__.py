"""Back office of schemas: the list, the versions, and the editor."""

from crmschema.admin.schemas import CrmSchemaAdmin

__all__ = ["CrmSchemaAdmin"]
