"""What made-up people are made of. Nobody here exists: streets, firms and numbers say so.

Phone numbers come from ranges that regulators keep for films, or from an unused block (+41 79 555).
"""

from dataclasses import dataclass

FEMALE_NAMES = (
    "Alma", "Bianca", "Clara", "Daria", "Elin", "Flora", "Greta", "Helena", "Ines", "Jana",
    "Karin", "Lea", "Mira", "Nora", "Olivia", "Paula", "Rahel", "Selma", "Thea", "Zoë",
)  # fmt: skip
MALE_NAMES = (
    "Anton", "Bruno", "Cyril", "David", "Emil", "Felix", "Georg", "Hugo", "Ivo", "Jonas",
    "Kilian", "Leon", "Marius", "Noël", "Oskar", "Pascal", "René", "Simon", "Theo", "Yves",
)  # fmt: skip
LAST_NAMES = (
    "Ahorn", "Bergsee", "Birkenhain", "Bluebell", "Chênevert", "Dornbach", "Eichwald", "Fairwater",
    "Fichtental", "Goldammer", "Haselbusch", "Holunder", "Immergrün", "Junebug", "Kiesel",
    "Kirschbaum", "Lerchenfeld", "Lindenhof", "Maplewood", "Montclair", "Nussbaumer", "Oakhurst",
    "Pappel", "Quellbach", "Rivière", "Rosenstock", "Sandgrube", "Silbersee", "Tannenberg",
    "Ulmenhof", "Valfleuri", "Wachtel", "Weidenbach", "Wintergreen", "Zaunkönig", "Zitronella",
)  # fmt: skip

ACADEMIC_TITLES = ("Dr.", "Prof. Dr.", "MSc", "Dipl. Ing.")
OCCUPATIONS = ("Accountant", "Architect", "Baker", "Engineer", "Nurse", "Pilot", "Teacher")
EMPLOYERS = ("Acme Demo Ltd", "Beispiel AG", "Exemple SA", "Muster GmbH", "Sample & Sons")
INDUSTRIES = ("FINANCE", "HEALTH", "INDUSTRY", "PUBLIC", "SERVICES", "TECHNOLOGY")
WEALTH_SOURCES = ("SALARY", "BUSINESS", "INHERITANCE", "REAL_ESTATE", "INVESTMENTS")
PEP_FUNCTIONS = ("Member of a town council", "Deputy minister", "Judge at a high court")
TAGS = ("newsletter", "events", "philanthropy", "next-generation", "sailing", "art")


@dataclass(frozen=True, slots=True)
class Place:
    """A town with a street that no map shows."""

    city: str
    postal_code: str
    street: str
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Country:
    """Where a made-up person lives. `mobile` and `tin` are formats of a number from 0 to 99."""

    key: str
    language: str
    places: tuple[Place, ...]
    tin: str
    mobile: str | None = None


COUNTRIES = (
    Country(
        "CH",
        "DE",
        (
            Place("Zürich", "8001", "Musterstrasse"),
            Place("Bern", "3011", "Beispielgasse"),
            Place("Basel", "4051", "Demoweg"),
            Place("Luzern", "6003", "Probenplatz"),
        ),
        tin="756.0000.0000.{:02d}",
    ),
    Country(
        "CH",
        "FR",
        (
            Place("Genève", "1204", "Rue des Exemples"),
            Place("Lausanne", "1003", "Avenue du Modèle"),
        ),
        tin="756.0000.0001.{:02d}",
    ),
    Country(
        "DE",
        "DE",
        (Place("München", "80331", "Musterallee"), Place("Hamburg", "20095", "Beispielufer")),
        tin="00 000 000 0{:02d}",
        mobile="+4917139200{:02d}",
    ),
    Country(
        "FR",
        "FR",
        (Place("Lyon", "69001", "Rue du Spécimen"), Place("Paris", "75001", "Quai du Modèle")),
        tin="00 00 000 000 0{:02d}",
    ),
    Country(
        "GB",
        "EN",
        (Place("London", "SW1A 1AA", "Sample Street"), Place("Edinburgh", "EH1 1YZ", "Demo Row")),
        tin="00000 000{:02d}",
    ),
    Country(
        "US",
        "EN",
        (
            Place("New York", "10001", "Example Avenue", "US-NY"),
            Place("Boston", "02108", "Specimen Street", "US-MA"),
            Place("Miami", "33101", "Placeholder Drive", "US-FL"),
        ),
        tin="900-00-00{:02d}",
        mobile="+120255501{:02d}",
    ),
)
