"""CRM schemas: reading, saving, and what is derived from them."""

from config.openapi.model import ErrorDoc, Node, OperationDoc
from config.openapi.texts import SCHEMAS_AND_LISTS
from crmschema.exceptions import (
    BreakingChange,
    CheckNotFinished,
    CheckUnknown,
    ConcurrencyConflict,
    FieldInUse,
    JsonSchemaMismatch,
    SchemaInvalid,
)

_SCHEMA = (
    '{"display":"form","components":[{"type":"textfield","key":"name","label":"Name",'
    '"validate":{"required":true},"crm":{"uid":"0d3f2c1b-6a5e-4f70-8192-a3b4c5d6e7f8"}}]}'
)
_JSON_SCHEMA = (
    '{"$schema":"https:\\/\\/json-schema.org\\/draft\\/2020-12\\/schema","title":"contact",'
    '"type":"object","properties":{"name":{"title":"Name","type":"string","minLength":1}},'
    '"required":["name"],"additionalProperties":false,"$defs":{}}'
)
_SERVER_ONLY = (
    "The server also checks what a JSON Schema cannot say, so that a document that passes it can "
    "still be refused: the number of decimals, membership in lists of more than 300 items, "
    "deactivated items, the hierarchy of lists, values for hidden fields, read-only fields, ids "
    "of rows that are not unique, the uniqueness of usernames, and verification of email and "
    "mobile."
)
_FIELD: Node = {
    "key": "contactInformation.addresses.state",
    "label": "State",
    "fieldType": "List",
    "listKey": "states",
    "listHierarchyFilterKey": "contactInformation.addresses.country",
    "isReadOnly": False,
    "isArrayItem": True,
    "tooltip": None,
    "layoutPath": [
        {"label": "Contact information", "key": "contactInformation"},
        {"label": "Addresses", "key": "contactInformation.addresses"},
    ],
    "placeholder": None,
    "isRequired": True,
    "isApprovalRequired": False,
    "isHidden": True,
    "validations": {
        "minLength": None,
        "maxLength": None,
        "regularExpression": None,
        "minDate": None,
        "maxDate": None,
        "minValue": None,
        "maxValue": None,
        "decimal": None,
    },
    "toggleHidden": {"when": "contactInformation.addresses.country", "eq": "US"},
    "currency": None,
    "alias": None,
}
_ELEMENT: Node = {
    "key": "contactInformation.addresses",
    "label": "Addresses",
    "fieldType": "DataGrid",
    "parentKey": "contactInformation",
    "tooltip": None,
    "isHidden": False,
    "isLabelHidden": False,
    "toggleHidden": None,
}

INVALID = ErrorDoc(
    SchemaInvalid,
    {
        "errors": [
            {
                "path": "components[0].components[2]",
                "key": "country",
                "code": "ListUnknown",
                "message": "There is no list “nations”.",
            }
        ]
    },
)
CONFLICT = ErrorDoc(ConcurrencyConflict, {"concurrencyToken": 8})
_CHECK_ID = "5d1c7a9e-3b2f-4c8d-9e6a-1f0b2c3d4e5f"
_REQUIRED: Node = {
    "path": "personalInformation.placeOfBirth",
    "previousPath": None,
    "kind": "Required",
    "effect": "Breaking",
    "attribute": None,
    "before": False,
    "after": True,
    "text": "Field Place of birth: is now required",
}
_FINDING: Node = {
    "kind": "contact",
    "path": "personalInformation.placeOfBirth",
    "rule": "Required",
    "count": 2,
    "ids": [17, 204],
}
_BREAKING = ErrorDoc(
    BreakingChange, {"changes": [_REQUIRED], "findings": [_FINDING], "isComplete": True}
)
_IN_USE = ErrorDoc(
    FieldInUse,
    {
        "changes": [
            {
                "path": "personalInformation.birthPlace",
                "previousPath": "personalInformation.placeOfBirth",
                "kind": "Renamed",
                "effect": "Refused",
                "attribute": None,
                "before": "personalInformation.placeOfBirth",
                "after": "personalInformation.birthPlace",
                "text": "Field Place of birth: key changed from personalInformation.placeOfBirth "
                "to personalInformation.birthPlace",
            }
        ],
        "findings": [{**_FINDING, "rule": "Renamed", "count": 18_204, "ids": [1, 2, 3]}],
    },
)

SCHEMA_OPERATIONS = {
    "getSchema": OperationDoc(
        tag=SCHEMAS_AND_LISTS,
        summary="A CRM schema with its JSON Schema",
        description="The schema holds the texts of all languages.",
        answer_example={
            "id": 1,
            "key": "contact",
            "schema": _SCHEMA,
            "jsonSchema": _JSON_SCHEMA,
            "concurrencyToken": 7,
        },
    ),
    "updateSchema": OperationDoc(
        tag=SCHEMAS_AND_LISTS,
        summary="Update a CRM schema (optimistic concurrency)",
        description=(
            "All processes follow the saved schema at once. What is stored is the canonical form: "
            "components without crm.uid get one, and what the format does not know is dropped or "
            "refused. The JSON Schema is derived and never stored: null, the current or the newly "
            "derived one passes, compared without titles and list items. Bodies may have 4 MB, "
            "the schema itself 1 MB and 100 levels.\n\n"
            "A change that stored documents stand against (it removes, tightens or newly requires) "
            "answers 409 BreakingChange unless acceptedCheck, an addition, names a finished check "
            "of the same token and text; documents written since are examined once more. Without "
            "a check the server takes a short look itself, so that small stores need none. "
            "Renaming, moving or retyping a field that holds data is always refused: 409 "
            "FieldInUse. Stored documents stay as they are and stay readable."
        ),
        errors=(
            INVALID,
            ErrorDoc(JsonSchemaMismatch),
            ErrorDoc(CheckUnknown),
            CONFLICT,
            ErrorDoc(CheckNotFinished, {"status": "Running"}),
            _IN_USE,
            _BREAKING,
        ),
        request_example={"schema": _SCHEMA, "jsonSchema": None, "concurrencyToken": 7},
        answer_example={"concurrencyToken": 8},
        is_retry_safe=True,
    ),
    "startSchemaCheck": OperationDoc(
        tag=SCHEMAS_AND_LISTS,
        summary="Check which stored documents a schema would break",
        description=(
            "An addition to the contract. Saves nothing: a worker goes through the stored "
            "documents, and the result can be named as acceptedCheck when the schema is saved. "
            "Checks are kept for seven days."
        ),
        errors=(INVALID, CONFLICT),
        request_example={"schema": _SCHEMA, "concurrencyToken": 7},
        answer_example={"checkId": _CHECK_ID},
        answer_headers=("Location",),
        is_retry_safe=True,
    ),
    "getSchemaCheck": OperationDoc(
        tag=SCHEMAS_AND_LISTS,
        summary="Progress and findings of a check",
        description=(
            "An addition to the contract. findings count documents by path and rule: the code of "
            "a validation error that they do not have today, Hidden (a value that the next change "
            "would remove), or Removed, Renamed, Moved, Retyped, List and Currency for values that "
            "are held. Revived is for values that a removed field has left where something stands "
            "again, Retyped for those of them that are of another type. AliasMissing, AliasChanged "
            "and AliasFixed are at the new field of an alias: what the product takes from it would "
            "be missing, another, or another login. "
            "isBreaking tells, once the status is Finished, whether a save needs this "
            "check. Texts are in the language of the answer."
        ),
        answer_example={
            "checkId": _CHECK_ID,
            "status": "Finished",
            "concurrencyToken": 7,
            "progress": {"checked": 18_204, "total": 18_204},
            "isBreaking": True,
            "changes": [_REQUIRED],
            "findings": [_FINDING],
            "supersededRequests": {"count": 0, "ids": []},
            "affectedRequests": {"count": 1, "ids": [4]},
            "exportColumns": [],
            "createDate": "2026-03-01T16:05:00Z",
            "finishDate": "2026-03-01T16:05:09Z",
        },
    ),
    "getJsonSchema": OperationDoc(
        tag=SCHEMAS_AND_LISTS,
        summary="The JSON Schema, for validation elsewhere",
        description=_SERVER_ONLY,
        answer_example={"jsonSchema": _JSON_SCHEMA},
    ),
    "getLayoutMetadata": OperationDoc(
        tag=SCHEMAS_AND_LISTS,
        summary="Layout elements, for rendering a form",
        answer_example={"fields": [_ELEMENT]},
    ),
    "getFieldsMetadata": OperationDoc(
        tag=SCHEMAS_AND_LISTS,
        summary="Input elements, for rendering a form or read-only data",
        description=(
            "fieldKeys are exact paths without indexes, unknown ones are ignored, null or empty "
            "means all. layoutPathKey keeps the fields that stand in the layout element of that "
            "key. Labels and the like are in the language of the answer. A field is hidden when "
            "isHidden differs from (the value of toggleHidden.when equals toggleHidden.eq), or "
            "when anything around it is hidden; without toggleHidden isHidden alone counts."
        ),
        request_example={"fieldKeys": ["contactInformation.addresses.state"]},
        answer_example={"fields": [_FIELD]},
    ),
}
