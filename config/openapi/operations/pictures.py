"""Profile pictures."""

from config.openapi.model import OperationDoc
from config.openapi.operations.samples import ANONYMIZED
from config.openapi.texts import PROFILE_PICTURES

# One gray pixel as PNG.
_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)

PICTURE_OPERATIONS = {
    "getProfilePicture": OperationDoc(
        tag=PROFILE_PICTURES,
        summary="Profile picture, or the default one",
        description=(
            "PNG or JPEG in base64, at most 1,024 pixels a side. Where none is stored it is drawn "
            "from the initials and isDefaultImage is true."
        ),
        answer_example={"imageContentBase64": _PIXEL, "isDefaultImage": False},
    ),
    "updateProfilePicture": OperationDoc(
        tag=PROFILE_PICTURES,
        summary="Store a profile picture",
        description=(
            "PNG, JPEG or WebP, at most 5 MB, 24 megapixels and 65,535 pixels a side, of "
            "animations the first frame. It is decoded and encoded anew, upright, without "
            "metadata. Base64 as RFC 4648 has it in section 4: padded, in one line, without the "
            "prefix data:. Anything else is a 400, and the old picture stays. The body may have "
            "8 MB."
        ),
        errors=(ANONYMIZED,),
        request_example={"imageContentBase64": _PIXEL},
        is_retry_safe=True,
    ),
    "deleteProfilePicture": OperationDoc(
        tag=PROFILE_PICTURES,
        summary="Delete the profile picture",
        description="Where there is none, nothing happens.",
        errors=(ANONYMIZED,),
    ),
}
