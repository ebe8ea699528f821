"""How well one resident fits what was typed, and in words why. Additive weights; strong facts outweigh all names together."""

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from rapidfuzz.distance import OSA

from residents.asked import Asked
from residents.dates import swapped
from residents.keys import ANY_STREET, doors
from residents.models import Birth, Resident, ResidentAddress
from residents.names import skeleton, words_of
from residents.short_names import FORMS

NAME, SURE, UNMET = 40.0, 45.0, 16.0
FITS_BY_NAME, FITS_BACKED = (
    0.6,
    0.45,
)  # of the words typed, how many must be met; and where a postcode or nearly the date agrees
BACKS = 14.0
BEGINS = " that begins so"
FORMER = "-"
BETWEEN, WITHIN = "|", "\x1f"


@dataclass(slots=True)
class Known:
    """What one candidate is weighed by, as the search document says it; no confidential address among it."""

    pk: int
    reference: str = ""
    born: date | None = None
    birth: str = ""
    name: list[str] = field(default_factory=list)
    preferred: list[str] = field(default_factory=list)
    former: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, pk: int, said: str) -> "Known":
        """One document. Numbers, e-mail addresses and places of former times begin with a dash."""
        reference, born, name, preferred, former, phones, emails, places = said.split("\n")
        known = cls(pk, reference, None, "", name.split(), preferred.split(), former.split())
        if born:
            known.born, known.birth = date.fromisoformat(born[:10]), born[11:]
        known.phones = phones.split(BETWEEN) if phones else []
        known.emails = emails.split(BETWEEN) if emails else []
        known.places = places.split(BETWEEN) if places else []
        return known


@dataclass
class Found:
    """One resident that fits, how well, and why. The resident is read when it is known who is shown."""

    pk: int
    score: float = 0.0
    why: list[str] = field(default_factory=list)
    strong: bool = False
    backed: bool = False
    at_door: bool = False
    named: float = 0.0
    asked_words: int = 0
    name: str = ""
    household_size: int = 0
    resident: Resident = None  # type: ignore[assignment]

    @property
    def fits(self) -> bool:
        """Whether to show the person: a strong fact agrees, or enough of the name does."""
        if self.asked_words and not self.strong:
            return self.named >= (FITS_BACKED if self.backed else FITS_BY_NAME)
        return self.strong or self.score > 0

    def add(self, weight: float, why: str, *, strong: bool = False) -> None:
        """Count one fact that agrees."""
        self.score += weight
        self.strong = self.strong or strong
        self.backed = self.backed or weight >= BACKS
        if why not in self.why:
            self.why.append(why)


def home_of(resident: Resident) -> ResidentAddress | None:
    """Where they live now: the present home or no fixed abode, before a care-of address. Uses what was prefetched."""
    present = [one for one in resident.addresses.all() if one.until is None]
    return min(present, key=lambda one: one.kind == ResidentAddress.Kind.CARE_OF, default=None)


class Judge:
    """Weighs candidates against one question, and keeps in mind what it has compared already."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.swapped = [other for day in asked.births if (other := swapped(day))]
        self.digits = [f"{day:%d%m%Y}" for day in asked.births]
        self.words = [*asked.words]
        self.streets = len(asked.words) > 2 or not (asked.births or asked.postcode)
        self._alike: dict[str, list[tuple[str, float, str]]] = {}
        self._short = {word: skeleton(word) for word in asked.words}
        self._forms = {word: FORMS.get(word, frozenset()) for word in asked.words}

    def weigh(self, known: Known) -> Found:
        """One candidate. Pure."""
        asked, found = self.asked, Found(known.pk, asked_words=len(self.words), name=" ".join(known.name))
        if asked.reference and asked.reference == known.reference:
            found.add(200, "Reference", strong=True)
        elif known.reference in asked.near_references:
            found.add(90, "Reference with one character different", strong=True)
        if asked.phone or asked.email or asked.last_of_phone:
            self._weigh_reach(found, known)
        if asked.births or asked.year:
            self._weigh_birth(found, known)
        if asked.postcode or asked.area or asked.uprn or asked.doors:
            self._weigh_place(found, known)
        if self.words:
            self._weigh_words(found, known)
        return found

    def _weigh_reach(self, found: Found, known: Known) -> None:
        phone, email = self.asked.phone or self.asked.last_of_phone, self.asked.email
        for number in known.phones if phone else ():
            said = "Former phone number" if number[0] == FORMER else "Phone number"
            number = number.lstrip(FORMER)
            if number == phone:
                found.add(60, said, strong=True)
            elif number[-6:] == phone[-6:]:
                found.add(30, f"{said} with the same last six digits", strong=True)
            elif len(number) == len(phone) and OSA.distance(number, phone, score_cutoff=1) <= 1:
                found.add(28, f"{said} with one digit different", strong=True)
        for address in known.emails if email else ():
            said = "Former email address" if address[0] == FORMER else "Email address"
            if address.lstrip(FORMER) == email:
                found.add(60, said, strong=True)
            elif address.lstrip(FORMER).partition("@")[0] == email.partition("@")[0]:
                found.add(30, f"{said} at another provider", strong=True)

    def _weigh_birth(self, found: Found, known: Known) -> None:
        born, asked = known.born, self.asked
        if born is None:
            return
        if asked.year:
            if born.year == asked.year:
                with_month = asked.month == born.month and known.birth != Birth.YEAR
                found.add(20 if with_month else 12, "Month and year of birth" if with_month else "Year of birth")
        elif known.birth == Birth.ESTIMATED:
            if born in asked.births:
                found.add(25, "Estimated date of birth", strong=not self.words)
            elif any(day.year == born.year for day in asked.births):
                found.add(14, "Estimated year of birth", strong=not self.words)
        elif known.birth == Birth.FULL:
            if born in asked.births:
                found.add(SURE, "Date of birth", strong=True)
            elif born in self.swapped:
                found.add(36, "Date of birth with day and month swapped", strong=True)
            else:
                self._weigh_near(found, born)
        elif known.birth == Birth.MONTH and any(
            (day.year, day.month) == (born.year, born.month) for day in asked.births
        ):
            found.add(25, "Month and year of birth", strong=not self.words)
        elif known.birth == Birth.YEAR and any(day.year == born.year for day in asked.births):
            found.add(14, "Year of birth", strong=not self.words)

    def _weigh_near(self, found: Found, born: date) -> None:
        digits = f"{born:%d%m%Y}"
        apart = min(sum(a != b for a, b in zip(digits, typed, strict=True)) for typed in self.digits)
        if apart == 1:
            found.add(27, "Date of birth with one digit different")
        elif any(digits[:4] == typed[:4] for typed in self.digits):
            found.add(21, "Day and month of birth")
        elif any(OSA.distance(digits, typed, score_cutoff=1) <= 1 for typed in self.digits):
            found.add(18, "Date of birth with two digits swapped")
        elif any(digits[2:] == typed[2:] for typed in self.digits):
            found.add(14, "Month and year of birth")
        elif any(digits[4:] == typed[4:] for typed in self.digits):
            found.add(6, "Year of birth")
        else:
            found.score -= 12

    def _weigh_place(self, found: Found, known: Known) -> None:
        asked, alone, best = self.asked, not self.words, (0.0, "")
        for place in known.places:
            former = place[0] == FORMER
            lines, postcode, uprn = place.lstrip(FORMER).split(WITHIN)
            if asked.uprn and uprn == asked.uprn:
                found.add(40 if former else 50, "Former address" if former else "Property number", strong=True)
            if asked.doors and not asked.doors.isdisjoint(doors(lines)):
                found.add(16, "Former address" if former else "Address", strong=alone)
                found.at_door = True
            best = max(best, self._postcode(postcode, former))
        if best[0]:
            found.add(best[0], best[1], strong=alone or (best[0] >= 18 and not asked.words))

    def _postcode(self, postcode: str, former: bool) -> tuple[float, str]:
        asked, code = self.asked, postcode.replace(" ", "").lower()
        if asked.postcode and postcode:
            if postcode == asked.postcode:
                return (18.0, "Former postcode") if former else (25.0, "Postcode")
            typed = asked.postcode.replace(" ", "").lower()
            if code[:-2] == typed[:-2] or OSA.distance(code, typed, score_cutoff=1) <= 1:
                return (8.0, "Postcode nearly so")
        elif asked.area and code.startswith(asked.area):
            return (4.0, "Former postcode area") if former else (7.0, "Postcode area")
        return 0.0, ""

    # --- words ----------------------------------------------------------------------------------------------------

    def _weigh_words(self, found: Found, known: Known) -> None:
        """Meet each word typed with the word that fits it best, each used once."""
        pairs, alike = [], self._alike
        for one, kind, part in self._pool(known):
            row = alike.get(one)
            if row is None:
                row = alike[one] = [(word, *how) for word in self.words if (how := self._compare(word, one))]
            for word, score, how in row:
                if kind != "Street" or score > 0.8 or how == BEGINS:
                    pairs.append((score * part, word, one, kind, how))
        if not pairs:
            return
        pairs.sort(key=_by_score, reverse=True)
        met: dict[str, float] = {}
        used: set[tuple[str, str]] = set()
        named = of_name = 0
        for score, word, one, kind, how in pairs:
            if word in met or (one, kind) in used:
                continue
            met[word] = score
            used.add((one, kind))
            named += kind != "Street"
            of_name += kind == "Name"
            said = kind + how
            if said not in found.why:
                found.why.append(said)
        # “Road” and “old” say nothing where nobody is called so.
        share = len(met) / (len(met) + sum(word not in met and word not in ANY_STREET for word in self.words))
        found.named = share if named or found.at_door else 0.0
        missing = 1 - share if named else 0.0
        left = max(len(known.name) - of_name, 0)
        found.score += NAME * sum(met.values()) / len(self.words) - UNMET * missing - 0.5 * left

    def _pool(self, known: Known) -> list[tuple[str, str, float]]:
        """The words that may be met: of the name, the preferred name, former names and streets, and what each is worth."""
        pool = [(word, "Name", 1.0) for word in known.name]
        if len(known.name) > 1:
            pool += [(a + b, "Name", 1.0) for a, b in pairwise(known.name) if a + b in self._short]
        if known.preferred:
            pool += [(word, "Preferred name", 1.0) for word in known.preferred]
        if known.former:
            pool += [(word, "Former name", 0.92) for word in known.former]
        if self.streets:
            for place in known.places:
                lines = place.lstrip(FORMER).partition(WITHIN)[0]
                pool += [(word, "Street", 0.7) for word in lines.split() if len(word) >= 4 and not word[0].isdigit()]
        return pool

    def _compare(self, typed: str, word: str) -> tuple[float, str] | None:
        """How alike two folded words are, from 0 to 1, and how to say so; None when they are not."""
        if typed == word:
            return 1.0, ""
        forms = FORMS.get(word)
        if word in self._forms[typed] or (forms and (typed in forms or not forms.isdisjoint(self._forms[typed]))):
            return 0.93, " in another form"
        sound, other, length = self._short[typed], skeleton(word), len(typed)
        if sound == other:
            return 0.6 + 0.35 * OSA.normalized_similarity(typed, word), " that sounds alike"
        if word.startswith(typed):
            return (0.78 + 0.1 * length / len(word) if length >= 3 else 0.6), BEGINS
        if length >= 3 and len(word) >= 3 and abs(length - len(word)) <= 3:
            near = OSA.normalized_similarity(typed, word, score_cutoff=0.66)
            if near and (length >= 4 or near >= 0.75):
                return 0.95 * near, " spelt nearly so"
        if length >= 3 and len(sound) >= 2 and other.startswith(sound) and word[0] == typed[0]:
            return 0.55, " that begins alike"
        if len(word) == 1 and typed[0] == word:
            return 0.5, " by its initial"
        return None


def _by_score(pair: tuple[float, str, str, str, str]) -> float:
    return pair[0]


def words_said(text: str) -> str:
    """The words of a name or a line as the document holds them."""
    return " ".join(words_of(text))
