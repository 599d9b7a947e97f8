"""The details of made-up contacts: complete, valid, the same every time. Pure."""

import unicodedata
from functools import cache
from random import Random
from typing import Any

from config.demo import names
from config.demo.names import Country, Place

SEED = 20_240_229

Details = dict[str, Any]  # Any: JSON values


def contact_details(number: int) -> Details:
    """The details that contact `number` (from 1) is created with, whatever the count of contacts.

    Number 1 is Shannon Crawford. Some are US persons, politically exposed, dead, or rated a high
    risk; grids have one to three rows, with ids, without, and with some.
    """
    if number == 1:
        return _shannon()
    # Not for secrets: the same numbers every time are the point.
    random = Random(f"{SEED}:{number}")  # noqa: S311
    country = random.choice(names.COUNTRIES)
    is_us_person = country.key == "US" or number % 17 == 0
    return {
        "personalInformation": _person(number, random, country, is_us_person),
        "contactInformation": _contact_information(number, random, country),
        "taxInformation": _tax(number, random, country, is_us_person),
        "employment": _employment(random),
        "financialSituation": _finances(random),
        "compliance": _compliance(number, random),
    }


def contact_name(number: int) -> tuple[str, str, str]:
    """Gender, first and last name of a contact; no two of the first 1,440 share them."""
    gender, first, last = _people()[number % len(_people())]
    return gender, first, last


def email_address(number: int) -> str:
    """An address of a domain that is reserved for examples, different for every contact."""
    _, first, last = contact_name(number)
    repetition = number // len(_people())
    return f"{_ascii(first)}.{_ascii(last)}{repetition or ''}@example.com"


@cache
def _people() -> list[tuple[str, str, str]]:
    firsts = [("FEMALE", name) for name in names.FEMALE_NAMES]
    firsts += [("MALE", name) for name in names.MALE_NAMES]
    people = [(gender, first, last) for last in names.LAST_NAMES for gender, first in firsts]
    Random(SEED).shuffle(people)  # noqa: S311 - as above
    return people


def _ascii(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalpha())


def _date(random: Random, first_year: int, last_year: int) -> str:
    year, month = random.randint(first_year, last_year), random.randint(1, 12)
    return f"{year}-{month:02d}-{random.randint(1, 28):02d}"


def _person(number: int, random: Random, country: Country, is_us_person: bool) -> Details:
    gender, first, last = contact_name(number)
    nationalities = dict.fromkeys([country.key])
    if number % 6 == 0:
        nationalities[random.choice(("AT", "IT", "LI", "PT", "CA"))] = None
    if is_us_person:
        nationalities["US"] = None
    person: Details = {
        "salutation": "MS" if gender == "FEMALE" else "MR",
        "firstName": first,
        "lastName": last,
        "dateOfBirth": _date(random, 1935, 2005),
        "placeOfBirth": random.choice(country.places).city,
        "nationalities": list(nationalities),
        "gender": gender,
        "maritalStatus": random.choice(("SINGLE", "MARRIED", "PARTNERSHIP", "DIVORCED", "WIDOWED")),
        "language": country.language,
        "isDeceased": number % 67 == 0,
    }
    if number % 8 == 0:
        person["academicTitle"] = random.choice(names.ACADEMIC_TITLES)
    if person["isDeceased"]:
        person["dateOfDeath"] = _date(random, 2021, 2024)
    return person


def _contact_information(number: int, random: Random, country: Country) -> Details:
    information: Details = {
        "primaryEmail": email_address(number),
        "mobile": (country.mobile or "+4179555{:04d}").format(
            number % 100 if country.mobile else number % 10_000
        ),
        "preferredChannel": random.choice(("EMAIL", "PHONE", "POST", "PORTAL")),
        "addresses": _addresses(number, random, country),
    }
    if number % 3 == 0:
        information["phone"] = f"+4144555{number % 10_000:04d}"
    if number % 5 == 0:
        information["website"] = f"https://www.example.com/people/{number}"
    return information


def _addresses(number: int, random: Random, country: Country) -> list[Details]:
    """One to three rows: every second contact's have ids, of a few contacts only the first has."""
    kinds = ("RESIDENCE", "MAILING", "TAX")[: 1 + number % 3]
    rows = [_address(kind, random.choice(country.places), country, random) for kind in kinds]
    if number % 2 == 0:
        return [{"id": row["addressType"].lower(), **row} for row in rows]
    if number % 11 == 3:
        return [{"id": "residence", **rows[0]}, *rows[1:]]
    return rows


def _address(kind: str, place: Place, country: Country, random: Random) -> Details:
    row = {
        "addressType": kind,
        "street": f"{place.street} {random.randint(1, 120)}",
        "postalCode": place.postal_code,
        "city": place.city,
        "country": country.key,
    }
    return row if place.state is None else {**row, "state": place.state}


def _tax(number: int, random: Random, country: Country, is_us_person: bool) -> Details:
    rows = [_residency(number, country.key, country.tin.format(number % 100))]
    if is_us_person and country.key != "US":
        rows.append(_residency(number, "US", f"900-00-{number % 10_000:04d}"))
    if number % 12 == 0:
        reason = random.choice(("NOT_ISSUED", "NOT_REQUIRED", "UNOBTAINABLE"))
        rows.append({"taxCountry": "AE", "hasTin": False, "tinMissingReason": reason})
    tax: Details = {"isUsPerson": is_us_person, "residencies": rows}
    if is_us_person:
        tax["w9SignedOn"] = _date(random, 2018, 2024)
    return tax


def _residency(number: int, country_key: str, tin: str) -> Details:
    row = {"taxCountry": country_key, "hasTin": True, "tin": tin}
    return {"id": f"tax-{country_key.lower()}", **row} if number % 4 == 0 else row


def _employment(random: Random) -> Details:
    status = random.choice(
        ("EMPLOYED", "EMPLOYED", "EMPLOYED", "SELF_EMPLOYED", "STUDENT", "RETIRED", "NONE")
    )
    if status != "EMPLOYED":
        return {"employmentStatus": status}
    return {
        "employmentStatus": status,
        "occupation": random.choice(names.OCCUPATIONS),
        "employer": random.choice(names.EMPLOYERS),
        "industry": random.choice(names.INDUSTRIES),
    }


def _finances(random: Random) -> Details:
    sources = random.sample(names.WEALTH_SOURCES, random.randint(1, 3))
    finances: Details = {
        "annualIncome": random.randint(40, 900) * 1000,
        "totalAssets": random.randint(10_000_000, 900_000_000) / 100,
        "liabilities": random.randint(0, 400) * 1000,
        "investmentHorizonYears": random.randint(1, 30),
        "savingsRate": random.randint(0, 400) / 10,
        "sourcesOfWealth": sources,
    }
    if "INHERITANCE" in sources:
        finances["inheritanceDetails"] = "A house and a portfolio, made up for this demo."
    return finances


def _compliance(number: int, random: Random) -> Details:
    is_pep = number % 11 == 0
    risk = "HIGH" if is_pep or number % 13 == 0 else random.choice(("LOW", "LOW", "MEDIUM"))
    compliance: Details = {
        "isPep": is_pep,
        "kycRisk": risk,
        "kycScore": random.randint(0, 100_000) / 100,
        "lastScreenedAt": f"{_date(random, 2024, 2025)}T0{random.randint(0, 9)}:30:00Z",
        "internalTags": sorted(random.sample(names.TAGS, 1 + number % 3)),
    }
    if is_pep:
        compliance["pepFunction"] = random.choice(names.PEP_FUNCTIONS)
        compliance["pepExplanation"] = "Made up: holds the office since 2019."
    if risk == "HIGH":
        compliance["highRiskRationale"] = "Made up: reviewed twice a year by two advisers."
    return compliance


def _shannon() -> Details:
    return {
        "personalInformation": {
            "salutation": "MS",
            "firstName": "Shannon",
            "lastName": "Crawford",
            "dateOfBirth": "1984-02-29",
            "placeOfBirth": "Edinburgh",
            "nationalities": ["CH"],
            "gender": "FEMALE",
            "maritalStatus": "SINGLE",
            "language": "EN",
            "isDeceased": False,
        },
        "contactInformation": {
            "primaryEmail": "shannon.crawford@example.com",
            "mobile": "+41795550001",
            "preferredChannel": "EMAIL",
            "addresses": [
                {
                    "id": "home",
                    "addressType": "RESIDENCE",
                    "street": "Musterstrasse 1",
                    "postalCode": "8001",
                    "city": "Zürich",
                    "country": "CH",
                }
            ],
        },
        "taxInformation": {
            "isUsPerson": False,
            "residencies": [{"taxCountry": "CH", "hasTin": True, "tin": "756.0000.0000.01"}],
        },
        "employment": {
            "employmentStatus": "EMPLOYED",
            "occupation": "Architect",
            "employer": "Beispiel AG",
            "industry": "SERVICES",
        },
        "financialSituation": {
            "annualIncome": 140000,
            "totalAssets": 1250000.5,
            "liabilities": 400000,
            "investmentHorizonYears": 15,
            "savingsRate": 12.5,
            "sourcesOfWealth": ["SALARY"],
        },
        "compliance": {
            "isPep": False,
            "kycRisk": "LOW",
            "kycScore": 112.25,
            "lastScreenedAt": "2024-11-04T08:30:00Z",
            "internalTags": ["sailing"],
        },
    }
