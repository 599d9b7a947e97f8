"""What happened to the demo's contacts: changes, requests in every status, values that wait.

Everything goes through the services, so history and audit log look as they do in real life. The
contacts 1 to 3 are left without a pending request, so that examples can start one there.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from changerequests.services import (
    Review,
    Submission,
    change_request_cancel,
    change_request_review,
    details_submit,
)
from config.common.actors import Actor
from config.demo.contacts import RETIRED_PATH, adviser_of, contact_ref
from config.demo.documents import contact_details, contact_name
from config.demo.people import People
from contacts.models import ChangeSet
from crmschema.documents import Mode

# The highest number of a contact that the story tells something about by name.
LAST_NUMBER = 20
SUPERSEDED_NUMBER = 4

Patch = Mapping[str, Any]  # Any: JSON values


@dataclass(frozen=True, slots=True)
class Stage:
    """Lets the demo's people act. Members are named by their login."""

    people: People

    def change(self, name: str | None, number: int, patch: Patch, comment: str | None) -> int:
        """Patch details as a member, or as the app when there is no name.

        Gives the id of the change request that holds the patch, else 0.
        """
        actor = self._actor(name)
        result = details_submit(
            actor=actor,
            ref=contact_ref(number),
            submission=Submission(Mode.PATCH, patch, comment),
            source=ChangeSet.Source.API,
        )
        return result.change_request_id or 0

    def decide(
        self, name: str, number: int, request_id: int, comment: str, *, approve: bool
    ) -> None:
        """Approve or reject a pending request."""
        change_request_review(
            actor=self._actor(name),
            ref=contact_ref(number),
            request_id=request_id,
            review=Review(is_approved=approve, comment=comment),
        )

    def cancel(self, name: str, number: int, request_id: int) -> None:
        change_request_cancel(
            actor=self._actor(name), ref=contact_ref(number), request_id=request_id
        )

    def _actor(self, name: str | None) -> Actor:
        return self.people.app_actor if name is None else self.people.actor(name)


def superseded_request(stage: Stage) -> None:
    """Ask for a change of the field that the schema is about to lose."""
    container, _, field = RETIRED_PATH.partition(".")
    stage.change("anna", SUPERSEDED_NUMBER, {container: {field: "A-17/4"}}, "Found in the archive.")


def tell(stage: Stage, count: int) -> None:
    """All that follows once the contacts are there; `count` is how many there are."""
    _shannon(stage)
    _decided(stage)
    _pending(stage)
    _rows(stage)
    _waiting(stage)
    for number in range(LAST_NUMBER + 1, count + 1, 7):
        _everyday_changes(stage, number)


def _shannon(stage: Stage) -> None:
    """A history of some depth for contact 1."""

    def contact(**fields: Any) -> Patch:  # Any: JSON values
        return {"contactInformation": fields}

    home = contact_details(1)["contactInformation"]["addresses"][0]
    moved = {**home, "street": "Beispielgasse 12", "postalCode": "3011", "city": "Bern"}
    office = {**moved, "id": "office", "addressType": "MAILING", "street": "Demoweg 5"}
    stage.change("anna", 1, contact(phone="+41445550001"), "Given on the phone.")
    stage.change(None, 1, {"compliance": {"kycScore": 98.5}}, "Nightly screening.")
    passport = stage.change(
        "anna", 1, {"personalInformation": {"nationalities": ["CH", "GB"]}}, "New passport."
    )
    stage.decide("petra", 1, passport, "Seen the passport.", approve=True)
    stage.change("anna", 1, contact(addresses=[moved]), "Moved to Bern.")
    stage.change("anna", 1, contact(addresses=[moved, office]), None)
    stage.change("anna", 1, contact(addresses=[office, moved]), "Write to the office first.")
    inheritance = {"sourcesOfWealth": ["SALARY", "INHERITANCE"], "inheritanceDetails": "A farm."}
    farm = stage.change("anna", 1, {"financialSituation": inheritance}, "Inherited a farm.")
    stage.decide("petra", 1, farm, "Please attach the certificate.", approve=False)
    wrong = stage.change("anna", 1, {"personalInformation": {"lastName": "Crawfort"}}, None)
    stage.cancel("anna", 1, wrong)
    stage.change("anna", 1, {"personalInformation": {"maritalStatus": "MARRIED"}}, "Congratulated.")
    stage.change(None, 1, {"financialSituation": {"annualIncome": 152000}}, "Yearly update.")


def _decided(stage: Stage) -> None:
    """Requests of others that were approved, rejected or cancelled."""
    name = stage.change("petra", 11, _new_last_name(11), "Married.")
    stage.decide("ben", 11, name, "Marriage certificate is filed.", approve=True)
    birth = stage.change(
        "rita", 12, {"personalInformation": {"dateOfBirth": "1971-05-17"}}, "Passport says so."
    )
    stage.decide("carl", 12, birth, "Checked.", approve=True)
    double = stage.change("ben", 14, _new_last_name(14), "Client asked for it.")
    stage.decide("petra", 14, double, "No document was provided.", approve=False)
    mistake = stage.change(
        "carl",
        15,
        {"personalInformation": {"isDeceased": True} | {"dateOfDeath": "2025-01-15"}},
        "Told by the family.",
    )
    stage.cancel("carl", 15, mistake)


def _pending(stage: Stage) -> None:
    """Requests that wait for a reviewer, one of them with a base that has moved since."""
    stage.change("ben", 5, _new_last_name(5), "Married in June.")
    exposed = {"isPep": True, "pepFunction": "Mayor", "pepExplanation": "Elected this spring."}
    stage.change("carl", 6, {"compliance": exposed}, "Read it in the paper.")
    rows = deepcopy(contact_details(7)["taxInformation"]["residencies"])
    rows[0]["tin"] = "756.9999.0000.07"
    stage.change("anna", 7, {"taxInformation": {"residencies": rows}}, "Number was mistyped.")
    stage.change(
        "petra", 8, {"personalInformation": {"nationalities": ["CH", "NL"]}}, "Naturalised."
    )
    risk = {"kycRisk": "HIGH", "highRiskRationale": "Large transfers without a clear origin."}
    stage.change("rita", 9, {"compliance": risk}, "After the yearly review.")
    stage.change("anna", 10, {"personalInformation": {"firstName": "Robin"}}, "New passport.")
    stage.change(None, 10, {"personalInformation": {"firstName": "Robyn"}}, "From the register.")


def _rows(stage: Stage) -> None:
    """A request that adds, changes, removes and moves rows, told apart by their ids."""

    def residency(row_id: str, country: str, tin: str) -> Patch:
        return {"id": row_id, "taxCountry": country, "hasTin": True, "tin": tin}

    def residencies(*rows: Patch) -> Patch:
        return {"taxInformation": {"residencies": list(rows)}}

    home = residency("home", "CH", "756.1234.5678.13")
    former, farm = residency("former", "DE", "12345678913"), residency("farm", "AT", "123456713")
    stage.change(None, 13, residencies(home, former, farm), "From the tax forms.")
    flat = residency("flat", "FR", "1234567890113")
    corrected = {**home, "tin": "756.9999.5678.13"}
    stage.change("anna", 13, residencies(farm, flat, corrected), "As of the new tax forms.")


def _waiting(stage: Stage) -> None:
    """A mobile and, after its approval, an email that wait for their keys (V1)."""
    stage.change("anna", 16, {"contactInformation": {"mobile": "+41795559916"}}, "New phone.")
    address = {"contactInformation": {"primaryEmail": "new.address.17@example.com"}}
    email = stage.change("ben", 17, address, "Left the old provider.")
    stage.decide("petra", 17, email, "Called back.", approve=True)


def _everyday_changes(stage: Stage, number: int) -> None:
    adviser = adviser_of(number)
    website = f"https://www.example.com/clients/{number}"
    stage.change(adviser, number, {"contactInformation": {"website": website}}, None)
    stage.change(None, number, {"compliance": {"kycScore": number / 4}}, "Nightly screening.")
    if number % 2:
        title = {"personalInformation": {"academicTitle": "Dr. h.c."}}
        stage.change(adviser, number, title, "Honoured by a university.")


def _new_last_name(number: int) -> Patch:
    _, _, last = contact_name(number)
    return {"personalInformation": {"lastName": f"{last}-Demo"}}
