"""Emails and mobiles that wait for their key."""

from config.openapi.model import ErrorDoc, OperationDoc
from config.openapi.operations.samples import (
    ANONYMIZED,
    DETAILS_NO_LONGER_VALID,
    TOO_MANY_KEYS,
    USERNAME_NOT_UNIQUE,
)
from config.openapi.texts import VERIFICATION
from contacts.exceptions import KeyExpired, KeyNoMatch, NothingPending

VERIFICATION_OPERATIONS = {
    "verifyChannel": OperationDoc(
        tag=VERIFICATION,
        summary=(
            "Verify a pending email or mobile by key (UsernameNotUnique, KeyExpired, KeyNoMatch)"
        ),
        description=(
            "The key has 6 digits, lives 10 minutes and allows 5 attempts for each pending value. "
            "The value moves into the details as one change of whoever asked for it, and the "
            "previous address is told. Where nothing is pending the answer is that to a wrong key. "
            "After UsernameNotUnique and DetailsInvalid the value is still pending."
        ),
        errors=(
            ErrorDoc(KeyNoMatch),
            ErrorDoc(KeyExpired),
            USERNAME_NOT_UNIQUE,
            DETAILS_NO_LONGER_VALID,
            ANONYMIZED,
        ),
        request_example={"channel": "Email", "key": "048213"},
        is_retry_safe=True,
    ),
    "resendChannelKey": OperationDoc(
        tag=VERIFICATION,
        summary="Send the key again",
        description=(
            "The key before is void; attempts are not reset. At the earliest 60 seconds after the "
            "last message and 5 times for each pending value, else 429. KeyExpired: all attempts "
            "are used up, only a new submission helps."
        ),
        errors=(ErrorDoc(NothingPending), ErrorDoc(KeyExpired), TOO_MANY_KEYS, ANONYMIZED),
        request_example={"channel": "Email"},
        is_retry_safe=True,
    ),
    "discontinueChannelVerification": OperationDoc(
        tag=VERIFICATION,
        summary="Drop a pending email or mobile and its key",
        description="With nothing pending it does nothing.",
        errors=(ANONYMIZED,),
        request_example={"channel": "Mobile"},
        is_retry_safe=True,
    ),
}
