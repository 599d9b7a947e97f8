"""A client of the demo schema."""

from typing import Any


def demo_details() -> dict[str, Any]:
    """The least that the demo schema takes, with one of most things."""
    return {
        "personalInformation": {
            "salutation": "MS",
            "firstName": "Shannon",
            "lastName": "Crawford",
            "dateOfBirth": "1980-02-29",
            "nationalities": ["CH"],
            "language": "EN",
        },
        "contactInformation": {
            "primaryEmail": "shannon.crawford@example.com",
            "mobile": "+41791234567",
            "addresses": [
                {
                    "addressType": "RESIDENCE",
                    "street": "Hauptstrasse 1",
                    "city": "Bern",
                    "country": "CH",
                }
            ],
        },
        "taxInformation": {"residencies": [{"taxCountry": "CH", "hasTin": True, "tin": "756.1"}]},
        "employment": {"employmentStatus": "RETIRED"},
        "financialSituation": {"annualIncome": 185000, "sourcesOfWealth": ["SALARY"]},
        "compliance": {"kycRisk": "LOW"},
    }
