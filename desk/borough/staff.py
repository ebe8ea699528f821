"""The council's people and its partners': invented, one sign-in of each role for the demonstration."""

from dataclasses import dataclass, field, replace

from django.contrib.auth.hashers import make_password

from accounts.models import Organisation, Role, Team, TeamOpening, User
from accounts.reference_data import CLOSES, OPENS
from desk.borough.book import Book
from desk.borough.names import any_origin, family_name, full_name, given_name
from directory.models import Service

# Title, the services that it offers with an eligibility, and what it is asked for (codes of needs).
PARTNERS: tuple[tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]], ...] = (
    ("Harbour Food Bank", (("Food parcels", "Anyone in crisis"), ("Baby bank", "Families with a child under 3")), ("essentials", "new_parent")),
    ("Lantern Debt Advice", (("Debt casework", "Adults living in the borough"), ("Benefit checks", "Everyone")), ("debt", "benefits")),
    ("Riverside Women's Centre", (("Domestic abuse support", "Women aged 16 and over"),), ("da_victim", "da_child")),
    ("Next Step Employment", (("Job club", "Adults out of work"), ("Into work coaching", "Adults aged 19 and over")), ("work", "out_of_work", "neet")),
    ("Open Hands Family Support", (("Parenting course", "Parents of children under 12"), ("Young carers club", "Aged 8 to 17")), ("parenting", "young_carer", "child_mental_health")),
    ("Eastside Mind and Body", (("Talking group", "Adults"), ("Men's shed", "Adults")), ("adult_mental_health", "loneliness")),
    ("Welcome Table Learning", (("English classes", "Adults"), ("Getting online", "Everyone")), ("esol", "digital", "skills")),
    ("Good Neighbours Barking", (("Befriending", "Aged 60 and over"), ("Garden and handyman help", "Aged 60 and over")), ("loneliness", "adult_care")),
)  # fmt: skip
TEAMS = ("Family help", "Homes and money", "Housing prevention", "Adult intake", "Safeguarding hub")
CAST = (
    ("finn", "Finn Archer", Role.FRONT_DOOR), ("ben", "Ben Osei", Role.CASEWORKER), ("dev", "Dev Patel", Role.MANAGER),
    ("ela", "Ela Novak", Role.PARTNER), ("gus", "Gus Whyte", Role.GOVERNANCE), ("ada", "Ada Bright", Role.ADMINISTRATOR),
)  # fmt: skip
FRONT = ("Bola Ajayi", "Nadia Karim", "Pete Hollis", "Ruta Stankus", "Joy Merton", "Samir Haddad", "Carol Tibbs")
WORKERS = {
    "Family help": ("Amara Nnadi", "Hugh Pender", "Leila Aziz", "Tom Castell"),
    "Homes and money": ("Cath Lowe", "Jas Virdee", "Olu Martins", "Mandy Frost", "Ivo Petrov"),
    "Housing prevention": ("Rina Saha", "Gareth Pugh", "Dalia Mensah", "Kit Barlow", "Sue Lam", "Ines Tavares"),
    "Adult intake": ("Moira Shanks", "Ade Fashola", "Pavel Cerny"),
    "Safeguarding hub": ("Esther Quaye", "Neil Rudge"),
}
MANAGERS = {
    "Homes and money": "Wendy Okoro",
    "Housing prevention": "Carl Ostrow",
    "Adult intake": "Farah Sheikh",
    "Safeguarding hub": "Helen Marsh",
}
PARTNER_PEOPLE = (
    "Ron Baptiste",
    "Zeynep Arslan",
    "Di Fowler",
    "Kwesi Antwi",
    "Maria Sousa",
    "Phil Garner",
    "Anita Rao",
)
DOMAIN = "demo.example"
A_DISTRICT, NEIGHBOURHOODS = 22_000, 9
"""Residents of a district, which has teams of its own, and into how many neighbourhoods it falls."""
STAFF_PER_RESIDENT = 0.0036
DISTRICTS = (
    "Riverside", "Abbey", "Becontree", "Chadwell Heath", "Thames View", "Valence", "Parsloes", "Eastbury", "Longbridge", "Village",
    "Heath", "Gascoigne",
)  # fmt: skip
MORE = (
    "Homes and money", "Front door", "Family help", "Housing prevention", "Front door", "Family help", "Homes and money",
    "Adult intake", "Front door", "Safeguarding hub",
)  # fmt: skip


@dataclass
class Staff:
    """Everybody who signs in, by what they do."""

    council: Organisation
    teams: dict[str, Team] = field(default_factory=dict)
    front: list[User] = field(default_factory=list)
    workers: dict[str, list[User]] = field(default_factory=dict)
    managers: dict[str, User] = field(default_factory=dict)
    partners: dict[int, User] = field(default_factory=dict)
    services: list[tuple[Service, tuple[str, ...]]] = field(default_factory=list)
    cast: dict[str, User] = field(default_factory=dict)
    home_team: dict[int, Team] = field(default_factory=dict)
    administrator: User | None = None

    def of_neighbourhood(self, place: int) -> "Staff":
        """Those who work in one neighbourhood of the district; managers and partners work in all of it."""
        front = _every(self.front, place)
        workers = {team: _every(people, place) for team, people in self.workers.items()}
        return replace(self, front=front, workers=workers)


def _every(people: list[User], place: int) -> list[User]:
    """Every n-th of the people, and two at least where there are two: somebody to pass a case on to."""
    mine = people[place % NEIGHBOURHOODS :: NEIGHBOURHOODS] or [people[place % len(people)]]
    if len(mine) < 2 and len(people) > 1:
        mine = [*mine, people[(place + 1) % len(people)]]
    return mine


def hire(book: Book, council: Organisation, front_door: Team, password: str, residents: int = 0) -> list[Staff]:
    """Everybody who signs in, by district; the cast works in the first, partners in all. About 36 for 10,000 residents."""
    first = _first_district(book, council, front_door, password)
    districts = max(1, round(residents / A_DISTRICT))
    wanted = int(residents / districts * STAFF_PER_RESIDENT)
    rest = [_further_district(book, first, number) for number in range(1, districts)]
    count = 0
    for staff in [first, *rest]:
        here = len(staff.front) + sum(map(len, staff.workers.values())) + len(staff.managers)
        for turn in range(max(0, wanted - here)):
            count += 1
            _one_more(book, staff, turn, count)
    return [first, *rest]


def _further_district(book: Book, first: Staff, number: int) -> Staff:
    """The same teams again for another part of the borough, each with its manager."""
    place = DISTRICTS[number % len(DISTRICTS)] + (
        f" {number // len(DISTRICTS) + 1}" if number >= len(DISTRICTS) else ""
    )
    staff = replace(first, teams={}, front=[], workers={}, managers={})
    for kind in ("Front door", *TEAMS):
        staff.teams[kind] = _team(book, first.council, f"{kind}, {place}")
        if kind == "Front door":
            continue
        staff.workers[kind] = []
        name, email = _any_name(book, f"m{number}.{TEAMS.index(kind)}")
        manager = _person(
            book, name, Role.MANAGER, first.council, "!", email, duty=kind in ("Safeguarding hub", "Family help")
        )
        staff.managers[kind] = manager
        _join(book, staff, manager, staff.teams[kind])
    return staff


def _one_more(book: Book, staff: Staff, turn: int, count: int) -> None:
    """One more officer or caseworker, where they are needed most."""
    kind = MORE[turn % len(MORE)]
    role = Role.FRONT_DOOR if kind == "Front door" else Role.CASEWORKER
    name, email = _any_name(book, str(count))
    person = _person(book, name, role, staff.council, "!", email)
    _join(book, staff, person, staff.teams[kind])
    (staff.front if kind == "Front door" else staff.workers[kind]).append(person)


def _any_name(book: Book, number: str) -> tuple[str, str]:
    origin = any_origin(book.random)
    woman = book.random.random() < 0.6
    name = full_name(
        origin, given_name(book.random, origin, woman=woman), family_name(book.random, origin), woman=woman
    )
    word = "".join(letter for letter in name.lower().replace(" ", ".") if letter.isascii() and letter != "'")
    return name, f"{word}.{number}@{DOMAIN}"


def _team(book: Book, council: Organisation, name: str) -> Team:
    team = book.add(Team, organisation=council, name=name)
    for weekday in range(5):
        book.add(TeamOpening, team=team, weekday=weekday, opens_at=OPENS, closes_at=CLOSES)
    return team


def _first_district(book: Book, council: Organisation, front_door: Team, password: str) -> Staff:
    """Teams, people, partners and their services. The six of the cast share one password, hashed once."""
    staff = Staff(council=council, teams={"Front door": front_door})
    hashed = make_password(password) if password else "!"
    for name in TEAMS:
        staff.teams[name] = _team(book, council, name)
    partners = [_partner(book, staff, *partner) for partner in PARTNERS]
    house = {"finn": "Front door", "ben": "Family help", "dev": "Family help"}
    for short, name, role in CAST:
        organisation = partners[0] if role == Role.PARTNER else council
        person = _person(book, name, role, organisation, hashed, f"{short}@{DOMAIN}", duty=short == "dev")
        staff.cast[short] = person
        if short in house:
            _join(book, staff, person, staff.teams[house[short]])
    cast = staff.cast
    staff.administrator = cast["ada"]
    staff.front = [cast["finn"], *(_hire(book, staff, name, Role.FRONT_DOOR, "Front door") for name in FRONT)]
    staff.workers = {
        team: [_hire(book, staff, name, Role.CASEWORKER, team) for name in names] for team, names in WORKERS.items()
    }
    staff.workers["Family help"].insert(0, cast["ben"])
    staff.managers = {"Family help": cast["dev"]}
    for team, name in MANAGERS.items():
        staff.managers[team] = _hire(book, staff, name, Role.MANAGER, team, duty=team == "Safeguarding hub")
    staff.partners[partners[0].id] = cast["ela"]
    for organisation, name in zip(partners[1:], PARTNER_PEOPLE, strict=True):
        staff.partners[organisation.id] = _person(book, name, Role.PARTNER, organisation, "!", _email(name))
    return staff


def _partner(book: Book, staff: Staff, name: str, services: tuple[tuple[str, str], ...], needs: tuple[str, ...]) -> Organisation:  # fmt: skip
    short = name.lower().replace(" ", "-").replace("'", "")
    organisation = book.add(
        Organisation,
        name=name,
        kind=Organisation.Kind.PARTNER,
        email=f"office@{short}.example",
        phone=f"020 7946 0{book.random.randint(100, 999)}",
        url=f"https://{short}.example",
        about="An invented organisation of the demonstration borough.",
    )
    for title, eligibility in services:
        service = book.add(
            Service,
            organisation=organisation,
            name=title,
            description=f"{title} by {name}. Invented for the demonstration.",
            email=organisation.email,
            phone=organisation.phone,
            url=organisation.url,
            fees="Free",
            eligibility=eligibility,
            accepts_referrals=True,
        )
        staff.services.append((service, needs))
    return organisation


def _hire(book: Book, staff: Staff, name: str, role: Role, team: str, *, duty: bool = False) -> User:
    person = _person(book, name, role, staff.council, "!", _email(name), duty=duty)
    _join(book, staff, person, staff.teams[team])
    return person


def _person(book: Book, name: str, role: Role, organisation: Organisation, password: str, email: str, *, duty: bool = False) -> User:  # fmt: skip
    return book.add(
        User,
        email=email,
        name=name,
        role=role,
        organisation=organisation,
        password=password,
        duty_manager=duty,
        created_at=book.now,
    )


def _join(book: Book, staff: Staff, person: User, team: Team) -> None:
    book.add(User.teams.through, user_id=person.id, team_id=team.id)
    staff.home_team[person.id] = team


def _email(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@{DOMAIN}"
