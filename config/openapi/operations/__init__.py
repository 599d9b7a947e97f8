"""Every operation by its id. The document lacks none that a route has; a check sees to that."""

from config.openapi.model import OperationDoc
from config.openapi.operations.changerequests import CHANGE_REQUEST_OPERATIONS
from config.openapi.operations.contacts import CONTACT_OPERATIONS
from config.openapi.operations.history import HISTORY_OPERATIONS
from config.openapi.operations.identity import IDENTITY_OPERATIONS
from config.openapi.operations.lists import LIST_OPERATIONS
from config.openapi.operations.pictures import PICTURE_OPERATIONS
from config.openapi.operations.privacy import PRIVACY_OPERATIONS
from config.openapi.operations.request_searches import REQUEST_SEARCH_OPERATIONS
from config.openapi.operations.schemas import SCHEMA_OPERATIONS
from config.openapi.operations.verification import VERIFICATION_OPERATIONS

OPERATIONS: dict[str, OperationDoc] = {
    **CHANGE_REQUEST_OPERATIONS,
    **REQUEST_SEARCH_OPERATIONS,
    **CONTACT_OPERATIONS,
    **HISTORY_OPERATIONS,
    **SCHEMA_OPERATIONS,
    **IDENTITY_OPERATIONS,
    **LIST_OPERATIONS,
    **VERIFICATION_OPERATIONS,
    **PRIVACY_OPERATIONS,
    **PICTURE_OPERATIONS,
}
