"""The wards of Barking and Dagenham: 19 since the election of 5 May 2022 (17 before). Names and codes: Office for National Statistics."""

from datetime import date

from residents.models import Ward

SINCE = date(2022, 5, 5)
WARDS = (
    "Abbey", "Alibon", "Barking Riverside", "Beam", "Becontree", "Chadwell Heath", "Eastbrook & Rush Green", "Eastbury", "Gascoigne",
    "Goresbrook", "Heath", "Longbridge", "Mayesbrook", "Northbury", "Parsloes", "Thames View", "Valence", "Village", "Whalebone",
)  # fmt: skip
FIRST_CODE = 14_053


def seed_wards() -> int:
    """Make or mend the list of wards. Repeatable; returns how many there are."""
    for place, name in enumerate(WARDS):
        code = f"E05{FIRST_CODE + place:06d}"
        Ward.objects.update_or_create(code=code, defaults={"name": name.replace("&", "and"), "since": SINCE})
    return len(WARDS)
