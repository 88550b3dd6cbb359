"""Invented customers with believable addresses in the United Kingdom."""

import random

_FIRST = (
    "Amelia",
    "Rosalind",
    "Gareth",
    "Priya",
    "Callum",
    "Harriet",
    "Owen",
    "Fatima",
    "Declan",
    "Beatrice",
    "Idris",
    "Nadia",
    "Fergus",
    "Maeve",
    "Tobias",
    "Yasmin",
    "Alasdair",
    "Cerys",
    "Leona",
    "Hamish",
)
_LAST = (
    "Thornbury",
    "Okafor",
    "Penhallow",
    "MacInnes",
    "Sharma",
    "Whitlock",
    "Ashdown",
    "Bevan",
    "Fairweather",
    "Kaur",
    "Holloway",
    "Lindqvist",
    "Rahman",
    "Trewin",
    "Galbraith",
    "Osborne",
    "Pemberton",
    "Quayle",
    "Strand",
    "Yarwood",
)
_STREETS = (
    "Lantern Row",
    "Old Quarry Lane",
    "Saddlers Walk",
    "Heronfield Road",
    "Millrace Close",
    "St Brannoc Terrace",
    "Copper Beech Avenue",
    "Weavers Green",
    "Tannery Street",
    "Larkspur Crescent",
)
_TOWNS = (
    ("Bristol", "Avon", "BS"),
    ("Norwich", "Norfolk", "NR"),
    ("Leeds", "West Yorkshire", "LS"),
    ("Exeter", "Devon", "EX"),
    ("Edinburgh", "Midlothian", "EH"),
    ("Cardiff", "South Glamorgan", "CF"),
    ("Sheffield", "South Yorkshire", "S"),
    ("Brighton", "East Sussex", "BN"),
    ("Inverness", "Highland", "IV"),
    ("Belfast", "County Antrim", "BT"),
)
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


def a_customer(dice: random.Random) -> dict[str, str]:
    """Invent a person with an address; telephone numbers are of Ofcom's range for drama."""
    first, last = dice.choice(_FIRST), dice.choice(_LAST)
    town, county, area = dice.choice(_TOWNS)
    flat = f"Flat {dice.randint(1, 24)}" if dice.random() < 0.25 else ""  # noqa: PLR2004
    inward = f"{dice.randint(1, 9)}{dice.choice(_LETTERS)}{dice.choice(_LETTERS)}"
    return {
        "name": f"{first} {last}",
        "company": "",
        "line1": f"{dice.randint(1, 180)} {dice.choice(_STREETS)}",
        "line2": flat,
        "city": town,
        "county": county,
        "postcode": f"{area}{dice.randint(1, 20)} {inward}",
        "telephone": f"07700 900{dice.randint(0, 999):03}",
        "email": f"{first}.{last}@example.com".lower(),
    }
