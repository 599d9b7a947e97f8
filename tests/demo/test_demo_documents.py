"""The documents of the demo, without a database."""

import re

from config.demo.documents import contact_details, email_address

ALL = [contact_details(number) for number in range(1, 201)]


def test_same_documents_every_time() -> None:
    assert [contact_details(number) for number in range(1, 201)] == ALL


def test_first_contact_is_shannon_crawford() -> None:
    person, information = ALL[0]["personalInformation"], ALL[0]["contactInformation"]

    assert (person["firstName"], person["lastName"]) == ("Shannon", "Crawford")
    assert information["primaryEmail"] == "shannon.crawford@example.com"


def test_emails_are_unique_and_of_the_example_domain() -> None:
    emails = [each["contactInformation"]["primaryEmail"] for each in ALL]

    assert len(set(emails)) == 200
    assert all(re.fullmatch(r"[a-z.]+@example\.com", email) for email in emails)


def test_emails_stay_unique_beyond_the_number_of_names() -> None:
    assert len({email_address(number) for number in range(1, 5001)}) == 5000


def test_documents_vary() -> None:
    nationalities = {key for each in ALL for key in each["personalInformation"]["nationalities"]}
    addresses = [each["contactInformation"]["addresses"] for each in ALL]
    ids = [["id" in row for row in rows] for rows in addresses]

    assert len(nationalities) >= 8
    assert {len(rows) for rows in addresses} == {1, 2, 3}
    assert any(all(row) for row in ids)
    assert any(not any(row) for row in ids)
    assert any(any(row) and not all(row) for row in ids)


def test_us_persons_have_a_w9_and_exposed_persons_a_function() -> None:
    us_persons = [each["taxInformation"] for each in ALL if each["taxInformation"]["isUsPerson"]]
    exposed = [each["compliance"] for each in ALL if each["compliance"]["isPep"]]

    assert len(us_persons) > 20
    assert all("w9SignedOn" in each for each in us_persons)
    assert len(exposed) == 18
    assert all("pepFunction" in each and each["kycRisk"] == "HIGH" for each in exposed)
