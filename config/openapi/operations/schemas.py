"""CRM schemas: reading, saving, and what is derived from them."""

from config.openapi.model import ErrorDoc, Node, OperationDoc
from config.openapi.texts import SCHEMAS_AND_LISTS
from crmschema.exceptions import ConcurrencyConflict, JsonSchemaMismatch, SchemaInvalid

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
            "the schema itself 1 MB and 100 levels."
        ),
        errors=(INVALID, ErrorDoc(JsonSchemaMismatch), CONFLICT),
        request_example={"schema": _SCHEMA, "jsonSchema": None, "concurrencyToken": 7},
        answer_example={"concurrencyToken": 8},
        is_retry_safe=True,
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
