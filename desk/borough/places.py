"""Invented streets in the 19 wards, postcodes that cannot exist, numbers of places."""

from dataclasses import dataclass
from random import Random

from residents.models import Tenure

# Streets are invented; the two letters of each invented postcode hold one that Royal Mail never uses there.
STREETS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Abbey": ("IG11", ("Curfew Court", "Almonry Road", "Barge Lane", "Ropewalk Close", "Tithe Yard")),
    "Alibon": ("RM10", ("Linnet Road", "Foundry Avenue", "Pressers Way", "Alder Green", "Hartshill Road")),
    "Barking Riverside": ("IG11", ("Sandpiper Walk", "Lighter Quay", "Saltmarsh Drive", "Power House Road", "Reedbed Way")),
    "Beam": ("RM9", ("Assembly Road", "Millwheel Close", "Beamside Avenue", "Torque Lane", "Chassis Court")),
    "Becontree": ("RM8", ("Homestead Way", "Laurel Banjo", "Porters Green", "Hedgers Road", "Fanlight Avenue")),
    "Chadwell Heath": ("RM6", ("Coach Halt Road", "Whitethorn Avenue", "Tollhouse Lane", "Nursery Rise", "Wagoners Close")),
    "Eastbrook and Rush Green": ("RM7", ("Rushcutters Road", "Eastbrook Rise", "Ballast Way", "Dairyfield Road", "Poplar Halt")),
    "Eastbury": ("IG11", ("Manor Elm Road", "Turret Avenue", "Sundial Close", "Gatehouse Road", "Mulberry Stile")),
    "Gascoigne": ("IG11", ("Weavers Place", "Tannery Square", "King Edgar House", "Creekmouth Road", "Harvester Court")),
    "Goresbrook": ("RM9", ("Brookfold Road", "Swallowmead", "Castle Green Rise", "Ferry Field Road", "Osier Close")),
    "Heath": ("RM10", ("Wheatear Road", "Common Side", "Heathway Mews", "Gorse Avenue", "Flint Lane")),
    "Longbridge": ("IG11", ("Lodge Park Avenue", "Faircroft Road", "Orchid Drive", "Upland Gardens", "Bandstand Road")),
    "Mayesbrook": ("RM8", ("Lakeside Circle", "Boathouse Road", "Kingfisher Green", "Hollow Way", "Spinners Road")),
    "Northbury": ("IG11", ("Smack Row", "Town Quay Road", "Fishing Fleet Lane", "Northgate Court", "Lantern Street")),
    "Parsloes": ("RM9", ("Park Keeper Road", "Longacre Avenue", "Greenside Banjo", "Larkfield Road", "Chestnut Circle")),
    "Thames View": ("IG11", ("Bastable Way", "Mudlark Road", "Wharfinger Avenue", "Estuary Close", "Tideway House")),
    "Valence": ("RM8", ("Moat House Road", "Museum Gardens", "Becket Avenue", "Warden Lane", "Drawbridge Close")),
    "Village": ("RM10", ("Church Elm Mews", "Old Crown Street", "Vicars Field", "Smithy Lane", "Parish Pump Road")),
    "Whalebone": ("RM6", ("Jawbone Lane", "Mill Halt Road", "Fiddlers Avenue", "Beacon Road", "Rosebay Close")),
}  # fmt: skip
PREFIXES = ("", "Old ", "Upper ", "Little ", "North ", "South ", "East ", "West ", "Great ", "Lower ", "New ")
A_NEIGHBOURHOOD = 50_000
NEVER, LETTERS = "CIKMOV", "ABDEFGHJLNPQRSTUWXYZ"
TENURES = (
    (Tenure.COUNCIL, 32), (Tenure.PRIVATE, 30), (Tenure.HOUSING_ASSOCIATION, 10), (Tenure.OWNER, 18),
    (Tenure.FAMILY_OR_FRIENDS, 6), (Tenure.SUPPORTED, 2), (Tenure.UNKNOWN, 2),
)  # fmt: skip
TEMPORARY = (
    "Harbour Lodge", "Beamreach House", "Riverbank Apartments", "Sextant Court", "The Old Telephone Exchange", "Marshfield Hotel",
    "Lanthorn House", "Boundary Guest House", "Coopers Yard", "Wayfarers Lodge",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Home:
    """Where a household lives."""

    lines: str
    postcode: str
    uprn: str
    ward: str
    tenure: str


class Places:
    """Gives out addresses: each number of each street once. Each neighbourhood has its own streets or its own numbers."""

    def __init__(self, random: Random, number: int = 0, among: int = 1) -> None:
        self.random = random
        self.prefix = PREFIXES[number % len(PREFIXES)]
        self.first, self.step = number // len(PREFIXES), -(-among // len(PREFIXES))
        self.given = number * A_NEIGHBOURHOOD
        self.postcodes: dict[str, str] = {}
        self.wards = list(STREETS)
        self.taken: set[str] = set()

    def any_home(self, tenure: str = "") -> Home:
        """A home in some ward, more often in the larger estates."""
        random = self.random
        ward = random.choice(self.wards)
        district, streets = STREETS[ward]
        while True:
            street = self.prefix + random.choice(streets)
            number = 1 + self.first + self.step * random.randrange(max(30, 240 // self.step))
            lines = f"{number} {street}"
            if street.endswith(("Court", "House", "Place", "Square")) or random.random() < 0.15:
                lines = f"Flat {random.randint(1, 60)}, {1 + number % 30} {street}"
            if lines not in self.taken:
                break
        self.taken.add(lines)
        self.given += 1
        tenure = tenure or random.choices([one for one, _ in TENURES], [share for _, share in TENURES])[0]
        return Home(lines, self._postcode(district, street, number // 40), f"9990{self.given:08d}", ward, tenure)

    def temporary(self, *, out_of_area: bool) -> str:
        """Where temporary accommodation is: a name without more."""
        where = self.random.choice(TEMPORARY)
        return f"{where}, room {self.random.randint(1, 60)}" + (", out of the borough" if out_of_area else "")

    def _postcode(self, district: str, street: str, block: int) -> str:
        """One for each stretch of a street."""
        key = f"{street} {block}"
        if key not in self.postcodes:
            letters = self.random.choice(LETTERS) + self.random.choice(NEVER)
            self.postcodes[key] = f"{district} {self.random.randint(0, 9)}{letters}"
        return self.postcodes[key]
