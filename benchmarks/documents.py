"""The documents that are measured on. Pure."""

from typing import Any


def document(number: int) -> dict[str, Any]:
    """A complete, valid document of about 1.5 kB, a little different for each number."""
    return {
        "personalInformation": {
            "salutation": "MS",
            "firstName": f"Testina{number}",
            "lastName": f"Example{number % 1000}",
            "academicTitle": "Dr.",
            "dateOfBirth": f"19{50 + number % 50}-0{1 + number % 9}-1{number % 10}",
            "placeOfBirth": "Musterstadt",
            "nationalities": ["CH", "DE"],
            "gender": "FEMALE",
            "maritalStatus": "MARRIED",
            "language": "DE",
            "isDeceased": False,
        },
        "contactInformation": {
            "primaryEmail": f"testina.{number}@example.com",
            "mobile": f"+4179{number:07d}",
            "phone": f"+4144{number:07d}",
            "website": f"https://www.example.com/people/{number}",
            "preferredChannel": "EMAIL",
            "addresses": [
                {
                    "addressType": "RESIDENCE",
                    "street": f"Musterstrasse {number % 200}",
                    "postalCode": "8000",
                    "city": "Musterstadt",
                    "country": "CH",
                },
                {
                    "id": "second",
                    "addressType": "MAILING",
                    "street": "Example Avenue 1",
                    "postalCode": "10001",
                    "city": "Sampletown",
                    "country": "US",
                    "state": "US-NY",
                },
            ],
        },
        "taxInformation": {
            "isUsPerson": False,
            "residencies": [
                {"taxCountry": "CH", "hasTin": True, "tin": f"756.{number:010d}"},
                {"taxCountry": "DE", "hasTin": False, "tinMissingReason": "NOT_ISSUED"},
            ],
        },
        "employment": {
            "employmentStatus": "EMPLOYED",
            "occupation": "Tester",
            "employer": "Example Ltd",
            "industry": "FINANCE",
        },
        "financialSituation": {
            "annualIncome": 100_000 + number,
            "totalAssets": 1_000_000.5,
            "liabilities": 0,
            "investmentHorizonYears": 12,
            "savingsRate": 12.5,
            "sourcesOfWealth": ["SALARY", "INHERITANCE"],
            "inheritanceDetails": "An inheritance of no importance in the year that never was.",
        },
        "compliance": {
            "isPep": False,
            "kycRisk": "LOW",
            "kycScore": 12.25,
            "lastScreenedAt": "2026-01-31T10:00:00Z",
            "internalTags": ["newsletter", "events"],
        },
    }
