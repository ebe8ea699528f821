"""The weights of `likeness`: how often each level of each fact is met, with the same person and with others. Fixed, and reviewed.

They are never learnt from a council's records. Whoever changes a figure raises the version, reads docs/matching.md, runs
`./dev bench match` and writes the table there anew; the next night weighs everybody again.

Review, 22 November 2026: the shares below were set by hand from what the two of a pair have in common, looked at on the invented register of
seed 1 alone and rounded; what slips are worth follows the slips that officers make. Only the two figures of the calibration are
fitted, on that same register; seeds 2 and 3 were only looked at afterwards. What a household is worth is judgement: the registers hold none.

Version 2, the same day: no share is another. A mobile shared by two of other first names, or a generation apart, counts as a family's number
(`comparing`), so that twins, and father and son of one name, stay apart though their records bear the same mobile.
"""

from collections.abc import Mapping
from dataclasses import dataclass

CLASSES = ("the same person", "a relative", "a namesake", "somebody else")
RAREST = 1e-5
Table = Mapping[str, tuple[float, float, float, float]]


@dataclass(frozen=True)
class Weights:
    """One reviewed set: shares of the classes among pairs that meet under a key, and of the levels within each class."""

    version: str
    priors: tuple[float, float, float, float]
    common: Mapping[str, float]  # the share of a name that agrees, as a rule: rarer ones say more
    calibration: tuple[float, float]  # slope and shift of the log-odds
    levels: Mapping[str, Table]


SUGGEST = 0.5
"""From here on a pair goes to the review queue: the shipped threshold."""
SHOW = 0.05
"""From here on somebody is shown while a person is being entered: a glance costs less than a second record."""

BOROUGH = Weights(
    version="2",
    priors=(0.06, 0.6, 0.14, 0.2),
    common={"given": 0.005, "family": 0.005},
    calibration=(1.508, -0.392),
    levels={
        "given": {
            "same": (0.62, 0.012, 0.7, 0.2),
            "sound": (0.1, 0.02, 0.1, 0.08),
            "slip": (0.09, 0.02, 0.06, 0.06),
            "part": (0.08, 0.06, 0.1, 0.06),
            "first": (0.005, 0.08, 0.02, 0.06),
            "initial": (0.02, 0.01, 0.01, 0.02),
            "other": (0.035, 0.8, 0.01, 0.5),
        },
        "family": {
            "same": (0.78, 0.75, 0.8, 0.4),
            "sound": (0.06, 0.02, 0.1, 0.05),
            "slip": (0.07, 0.01, 0.05, 0.05),
            "part": (0.02, 0.02, 0.01, 0.02),
            "initial": (0.01, 0.01, 0.01, 0.01),
            "other": (0.04, 0.2, 0.01, 0.45),
        },
        "order": {
            "straight": (0.975, 0.998, 0.998, 0.998),
            "crossed": (0.025, 0.002, 0.002, 0.002),
        },
        "born": {
            "same": (0.78, 0.015, 0.001, 0.25),
            "swapped": (0.03, 0.001, 0.002, 0.002),
            "slip": (0.06, 0.01, 0.02, 0.03),
            "part": (0.04, 0.005, 0.01, 0.01),
            "two": (0.02, 0.01, 0.06, 0.1),
            "near": (0.01, 0.08, 0.1, 0.1),
            "far": (0.01, 0.3, 0.25, 0.2),
            "generation": (0.01, 0.58, 0.55, 0.3),
        },
        "home": {
            "same": (0.72, 0.85, 0.001, 0.001),
            "building": (0.01, 0.01, 0.002, 0.002),
            "postcode": (0.05, 0.02, 0.01, 0.01),
            "street": (0.01, 0.01, 0.03, 0.03),
            "other": (0.2, 0.1, 0.96, 0.96),
        },
        "phone": {
            "mobile": (0.6, 0.06, 0.0001, 0.0001),
            "landline": (0.15, 0.4, 0.0001, 0.0001),
            "slip": (0.02, 0.001, 0.0001, 0.0001),
            "other": (0.23, 0.54, 0.999, 0.999),
        },
        "email": {
            "same": (0.97, 0.0005, 0.0001, 0.0001),
            "slip": (0.01, 0.001, 0.001, 0.001),
            "other": (0.02, 0.999, 0.999, 0.999),
        },
        "nhs": {
            "same": (0.985, 0.0001, 0.0001, 0.0001),
            "slip": (0.01, 0.0001, 0.0001, 0.0001),
            "other": (0.005, 0.9998, 0.9998, 0.9998),
        },
        "household": {
            "together": (0.05, 0.9, 0.001, 0.001),
            "apart": (0.95, 0.1, 0.999, 0.999),
        },
    },
)
"""A council's register: whole families, who share names, addresses and telephones."""

STRANGERS = Weights(
    version="1",
    priors=(0.0005, 1e-9, 1e-9, 0.999499998),
    common={"given": 0.005, "family": 0.005},
    calibration=(1.0, 2.0),
    levels={
        "given": {
            "same": (0.66, 0.01, 0.01, 0.01),
            "sound": (0.05, 0.005, 0.005, 0.005),
            "slip": (0.13, 0.01, 0.01, 0.01),
            "part": (0.05, 0.01, 0.01, 0.01),
            "first": (0.01, 0.005, 0.005, 0.005),
            "initial": (0.02, 0.02, 0.02, 0.02),
            "other": (0.08, 0.94, 0.94, 0.94),
        },
        "family": {
            "same": (0.66, 0.008, 0.008, 0.008),
            "sound": (0.06, 0.005, 0.005, 0.005),
            "slip": (0.14, 0.01, 0.01, 0.01),
            "part": (0.05, 0.007, 0.007, 0.007),
            "initial": (0.01, 0.02, 0.02, 0.02),
            "other": (0.08, 0.95, 0.95, 0.95),
        },
        "order": {"straight": (0.96, 0.996, 0.996, 0.996), "crossed": (0.04, 0.004, 0.004, 0.004)},
        "born": {
            "same": (0.88, 0.0002, 0.0002, 0.0002),
            "swapped": (0.005, 0.0002, 0.0002, 0.0002),
            "slip": (0.05, 0.001, 0.001, 0.001),
            "part": (0.005, 0.003, 0.003, 0.003),
            "two": (0.02, 0.02, 0.02, 0.02),
            "near": (0.01, 0.05, 0.05, 0.05),
            "far": (0.01, 0.3, 0.3, 0.3),
            "generation": (0.02, 0.62, 0.62, 0.62),
        },
        "home": {
            "same": (0.66, 0.0005, 0.0005, 0.0005),
            "building": (0.08, 0.0005, 0.0005, 0.0005),
            "postcode": (0.12, 0.003, 0.003, 0.003),
            "street": (0.07, 0.006, 0.006, 0.006),
            "other": (0.07, 0.99, 0.99, 0.99),
        },
        "lines": {
            "same": (0.5, 0.001, 0.001, 0.001),
            "near": (0.3, 0.003, 0.003, 0.003),
            "like": (0.12, 0.04, 0.04, 0.04),
            "other": (0.08, 0.956, 0.956, 0.956),
        },
        "phone": BOROUGH.levels["phone"],
        "email": BOROUGH.levels["email"],
        "nhs": BOROUGH.levels["nhs"],
        "household": BOROUGH.levels["household"],
    },
)
"""A list of people who have nothing to do with each other: no families, so that one address and one name mean one person."""
