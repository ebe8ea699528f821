"""What benefits bring and where temporary accommodation is: kinds, pence, and how often."""

from cases.models import Placement

KINDS = Placement.Kind
TA = (
    (KINDS.NIGHTLY_PAID, 38),
    (KINDS.HOSTEL, 20),
    (KINDS.PRIVATE_LEASED, 22),
    (KINDS.BED_AND_BREAKFAST, 12),
    (KINDS.COUNCIL_STOCK, 8),
)
GAINS = (
    ("universal_credit", 4_500, 14_000), ("pip", 2_800, 11_000), ("pension_credit", 2_000, 8_500), ("council_tax", 800, 2_600),
    ("carers", 4_000, 8_100), ("attendance", 7_200, 10_800), ("dla_child", 2_900, 10_000), ("housing_benefit", 2_000, 6_000),
    ("school_meals", 1_100, 1_300), ("social_tariff", 300, 700),
)  # fmt: skip
ONE_OFFS = (
    ("crisis_payment", 6_000, 22_000),
    ("housing_payment", 30_000, 140_000),
    ("write_off", 20_000, 110_000),
    ("grant", 10_000, 60_000),
)
