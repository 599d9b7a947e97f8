"""The page of a contact as it was at a past moment."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from config.common.dates import moment_parameter
from config.common.exceptions import BadRequest, NotFound
from contacts.exceptions import DetailsErased
from contacts.selectors.past import PastDetails, details_as_of
from contacts.targets import TargetRef


@dataclass(frozen=True, slots=True)
class PastView:
    """What a page shows of a moment; without `details` these have been erased."""

    moment: datetime
    details: PastDetails | None


def past_view(request: HttpRequest, ref: TargetRef) -> PastView | None:
    """The moment that the address names; None without one. Raises NotFound for what is no moment,
    lies in the future, or before the contact.
    """
    text = request.GET.get("asOf")
    if text is None:
        return None
    try:
        moment = moment_parameter(text, name="asOf")
        return PastView(moment, _details(ref, moment))
    except BadRequest:
        raise NotFound from None


def _details(ref: TargetRef, moment: datetime) -> PastDetails | None:
    try:
        return details_as_of(ref=ref, moment=moment)
    except DetailsErased:
        return None
