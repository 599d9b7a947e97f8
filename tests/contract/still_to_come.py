"""Operations that have no route yet. A test compares the list with the routes: it only shrinks."""

OPERATIONS_TO_COME = frozenset(
    {
        "exportContacts",
        "downloadContactsExport",
        "exportLegalEntities",
        "downloadLegalEntitiesExport",
        "importContactFiles",
        "syncContacts",
        "importLegalEntityFiles",
        "syncLegalEntities",
        "getSyncStatus",
        "getLegalEntityDetails",
        "putLegalEntityDetails",
        "getLegalEntityDetailsOfContact",
        "createLegalEntityV10",
        "createLegalEntity",
    }
)

# Additions to the contract that the access matrix knows already.
ADDITIONS_TO_COME: frozenset[str] = frozenset()
