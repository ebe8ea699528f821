"""Every published code of the Standard Safeguarding Dataset that concerns us, and what it is here; or why it is nothing here.

The lists are facts of the published standard; labels and choices are ours. `docs/import.md` shows them all.
"""

from __future__ import annotations

from dataclasses import dataclass

from intake.models import Contact

SELF, ON_BEHALF = Contact.Speaking.SELF.value, Contact.Speaking.ON_BEHALF.value
PROFESSIONAL, ANONYMOUS = Contact.Speaking.PROFESSIONAL.value, Contact.Speaking.ANONYMOUS.value


@dataclass(frozen=True, slots=True)
class Ours:
    """What a code is here: the value that we keep, and what we say. Without a value it is left out, and `why` says why."""

    value: str
    label: str
    why: str = ""

    @property
    def left_out(self) -> bool:
        """Whether the code is on the list of exclusions."""
        return not self.value


def left_out(label: str, why: str) -> Ours:
    """An exclusion with its reason."""
    return Ours("", label, why)


SOURCES: dict[str, Ours] = {
    "1A": Ours(ON_BEHALF, "A family member, relative or carer"),
    "1B": Ours(ON_BEHALF, "An acquaintance, neighbour or childminder"),
    "1C": Ours(SELF, "The person themselves"),
    "1D": Ours(ON_BEHALF, "Another member of the public, or an MP"),
    "2A": Ours(PROFESSIONAL, "A school"),
    "2B": Ours(PROFESSIONAL, "Education services"),
    "3A": Ours(PROFESSIONAL, "A GP"),
    "3B": Ours(PROFESSIONAL, "A health visitor"),
    "3C": Ours(PROFESSIONAL, "A school nurse"),
    "3D": Ours(PROFESSIONAL, "Primary health services"),
    "3E": Ours(PROFESSIONAL, "An accident and emergency department"),
    "3F": Ours(PROFESSIONAL, "Other health services"),
    "4": Ours(PROFESSIONAL, "Housing"),
    "5A": Ours(PROFESSIONAL, "Social care of this council"),
    "5B": Ours(PROFESSIONAL, "Another service of this council"),
    "5C": Ours(PROFESSIONAL, "Another council"),
    "5D": Ours(PROFESSIONAL, "Early help of this council"),
    "6": Ours(PROFESSIONAL, "The police"),
    "7": Ours(PROFESSIONAL, "A court, probation, immigration or a prison"),
    "8": Ours(PROFESSIONAL, "A voluntary or independent organisation, or a children's centre"),
    "9": Ours(ANONYMOUS, "Someone who gave no name"),
    "10": Ours(ANONYMOUS, "It was not recorded who"),
}

# Value: our outcome of a contact and our tier, joined by a colon.
OUTCOMES: dict[str, Ours] = {
    "No Further Action": Ours("resolved:1", "No further action: Access"),
    "Information and Advice": Ours("advice:1", "Information and advice: Access"),
    "EH Referral": Ours("referred:4", "To early help: Support"),
    "CIN Referral": Ours("to_statutory:5", "To children's social care: Intervention"),
}
# The same outcomes as extracts flag them in one field; of several flags the one with the highest tier counts.
FLAGS: dict[str, Ours] = {
    "NEW_REFERRAL_FLAG": Ours("to_statutory:5", "A new referral to social care: Intervention"),
    "EXISTING_REFERRAL_FLAG": Ours("joined:5", "Joined to open social care work: Intervention"),
    "CP_ENQUIRY_FLAG": Ours("to_statutory:5", "A child protection enquiry: Intervention"),
    "NFA_FLAG": Ours("resolved:1", "No further action: Access"),
    "NON_AGENCY_ADOPTION_FLAG": Ours("to_statutory:5", "A non-agency adoption: Intervention"),
    "PRIVATE_FOSTERING_FLAG": Ours("to_statutory:5", "Private fostering: Intervention"),
    "ADVICE_FLAG": Ours("advice:1", "Information and advice: Access"),
    "MISSING_FLAG": Ours("to_statutory:5", "A missing child: Intervention"),
    "OLA_CP_FLAG": Ours("to_statutory:5", "On another council's child protection plan: Intervention"),
    "OTHER_OUTCOMES_EXIST_FLAG": left_out(
        "Another outcome", "It does not say which, so the contact waits for a person"
    ),
}

PRIMARY_NEEDS: dict[str, Ours] = {
    "N1": Ours("child_abuse_or_neglect", "Abuse or neglect"),
    "N2": Ours("disability_or_illness", "A child's disability"),
    "N3": Ours("disability_or_illness", "A parent's illness or disability"),
    "N4": Ours("parenting", "A family under great strain"),
    "N5": Ours("parenting", "Parenting that does not meet a child's needs"),
    "N6": Ours("young_person_crime", "Behaviour that harms others"),
    "N7": Ours("essentials", "Too little income"),
    "N8": left_out("No parent there", "No need on our list: unaccompanied children are social care's"),
}

CLOSURES: dict[str, Ours] = {
    "RC1": Ours("statutory", "Adopted"),
    "RC2": Ours("died", "Died"),
    "RC3": Ours("statutory", "A child arrangements order"),
    "RC4": Ours("statutory", "A special guardianship order"),
    "RC5": Ours("moved", "Moved to another council's services"),
    "RC6": Ours("statutory", "Moved on to adult social care"),
    "RC7": Ours("outcomes_met", "Services ended, no longer in need"),
    "RC8": Ours("outcomes_met", "Closed after assessment, nothing further"),
    "RC9": Ours("stepped_down", "Closed after assessment, on to early help"),
}

GENDERS: dict[str, Ours] = {
    "0": left_out("Not yet born, or not known", "Nothing to keep"),
    "1": Ours("man", "A boy or man"),
    "2": Ours("woman", "A girl or woman"),
    "9": Ours("self_described", "Described in the person's own way, or neither"),
}
SEXES: dict[str, Ours] = {
    "M": Ours("man", "Male; used where no gender is recorded"),
    "F": Ours("woman", "Female; used where no gender is recorded"),
    "U": left_out("Unknown", "Nothing to keep"),
}

ETHNICITIES: dict[str, Ours] = {
    "WBRI": Ours("WBRI", "White British"),
    "WIRI": Ours("WIRI", "White Irish"),
    "WOTH": Ours("WOTH", "Another White background"),
    "WIRT": Ours("WIRT", "Traveller of Irish heritage"),
    "WROM": Ours("WROM", "Gypsy or Roma"),
    "MWBC": Ours("MWBC", "White and Black Caribbean"),
    "MWBA": Ours("MWBA", "White and Black African"),
    "MWAS": Ours("MWAS", "White and Asian"),
    "MOTH": Ours("MOTH", "Another mixed background"),
    "AIND": Ours("AIND", "Indian"),
    "APKN": Ours("APKN", "Pakistani"),
    "ABAN": Ours("ABAN", "Bangladeshi"),
    "CHNE": Ours("CHNE", "Chinese"),
    "CNHE": Ours("CHNE", "Chinese, as the guidance also spells it"),
    "AOTH": Ours("AOTH", "Another Asian background"),
    "BCRB": Ours("BCRB", "Caribbean"),
    "BAFR": Ours("BAFR", "African"),
    "BOTH": Ours("BOTH", "Another Black background"),
    "OOTH": Ours("OOTH", "Another ethnic group"),
    "REFU": Ours("REFU", "Asked, did not want to say"),
    "NOBT": left_out("Not asked yet", "Nothing to keep"),
}

DISABILITIES: dict[str, Ours] = {
    "AUT": Ours("AUT", "Autism"),
    "BEH": Ours("BEH", "Behaviour"),
    "COMM": Ours("COMM", "Communication"),
    "CON": Ours("CON", "Consciousness"),
    "DDA": Ours("DDA", "Disabled in another way"),
    "HAND": Ours("HAND", "Use of hands"),
    "HEAR": Ours("HEAR", "Hearing"),
    "INC": Ours("INC", "Continence"),
    "LD": Ours("LD", "Learning"),
    "MOB": Ours("MOB", "Moving about"),
    "NONE": left_out("None", "Nothing to keep"),
    "PC": Ours("PC", "Personal care"),
    "VIS": Ours("VIS", "Sight"),
}

# What comes of a referral and of an assessment: outcomes of our safeguarding episodes.
REFERRAL_OUTCOMES: dict[str, Ours] = {
    "No Further Action": Ours("no_action", "No further action"),
    "Advice and Information or signpost to other services": Ours("community", "Community support"),
    "Step-down to Early Help": Ours("early_help", "Early help"),
    "Assessment required": Ours("assessment", "Social care assessment"),
    "Strategy discussion and/or Section 47 enquiry": Ours("enquiry", "Section 47 enquiry"),
    "Other": left_out("Other", "It does not say which"),
}
ASSESSMENT_OUTCOMES: dict[str, Ours] = {
    key: REFERRAL_OUTCOMES[key]
    for key in (
        "No Further Action",
        "Step-down to Early Help",
        "Strategy discussion and/or Section 47 enquiry",
        "Other",
    )
}
ABUSE: dict[str, Ours] = {
    "Emotional Abuse": Ours("child_abuse_or_neglect", "Emotional abuse"),
    "Neglect": Ours("child_abuse_or_neglect", "Neglect"),
    "Physical Abuse": Ours("child_abuse_or_neglect", "Physical abuse"),
    "Sexual Abuse": Ours("child_abuse_or_neglect", "Sexual abuse"),
}

_HIS = {"A": "the child", "B": "a parent or carer", "C": "somebody else at home"}


def _factors() -> dict[str, Ours]:
    by_person = {
        "1": ("Drinking", {"A": "child_substances", "B": "adult_substances", "C": "adult_substances"}),
        "2": ("Drug use", {"A": "child_substances", "B": "adult_substances", "C": "adult_substances"}),
        "3": ("Domestic abuse of", {"A": "da_child", "B": "da_victim", "C": "da_victim"}),
        "4": ("Mental health", {"A": "child_mental_health", "B": "adult_mental_health", "C": "adult_mental_health"}),
        "5": ("Learning disability", dict.fromkeys("ABC", "disability_or_illness")),
        "6": ("Physical disability or illness", dict.fromkeys("ABC", "disability_or_illness")),
    }
    found = {
        number + letter: Ours(need, f"{topic}{'' if topic.endswith(' of') else ':'} {_HIS[letter]}")
        for number, (topic, needs) in by_person.items()
        for letter, need in needs.items()
    }
    fostering = left_out("Private fostering", "No need on our list: social care's")
    return found | {
        "7A": Ours("young_carer", "A young carer"),
        **dict.fromkeys(("8B", "8C", "8D", "8E", "8F"), fostering),
        "9A": left_out("An unaccompanied child seeking asylum", "No need on our list: social care's"),
        "10A": Ours("child_missing", "Going missing"),
        "11A": Ours("child_exploitation", "Sexual exploitation"),
        "12A": Ours("child_exploitation", "Trafficking"),
        "13A": Ours("child_exploitation", "Gangs"),
        "14A": Ours("young_person_crime", "Antisocial behaviour"),
        "15A": left_out("Self-harm", "No need of its own on our list: asked at triage"),
        "16A": Ours("child_abuse_or_neglect", "Neglect"),
        "17A": Ours("child_abuse_or_neglect", "Emotional abuse"),
        "18B": Ours("child_abuse_or_neglect", "Physical abuse by a child"),
        "18C": Ours("child_abuse_or_neglect", "Physical abuse by an adult"),
        "19B": Ours("child_abuse_or_neglect", "Sexual abuse by a child"),
        "19C": Ours("child_abuse_or_neglect", "Sexual abuse by an adult"),
        "20": left_out("Another factor", "It does not say which"),
        "21": left_out("No factor", "Nothing to keep"),
        "22A": Ours("child_abuse_or_neglect", "Female genital mutilation"),
        "23A": Ours("child_abuse_or_neglect", "Abuse linked to faith or belief"),
        "24A": Ours("child_exploitation", "Criminal exploitation"),
    }


FACTORS: dict[str, Ours] = _factors()
CHANGES_OF_WORKER: dict[str, Ours] = {
    "MANAGE": left_out("Caseloads balanced", "We keep who works with whom from when to when, not why it changed"),
    "FCONTA": left_out("First contact, or referred again", "As above"),
    "LEFTRL": left_out("The worker left", "As above"),
    "ORGRST": left_out("Teams reorganised", "As above"),
    "TSPROC": left_out("Passed on as is usual", "As above"),
    "ABSENC": left_out("Absence", "As above"),
    "CHCHAN": left_out("The child asked", "As above"),
    "PCCHAN": left_out("A parent or carer asked", "As above"),
    "SWDIED": left_out("The worker died", "As above"),
    "OTHERS": left_out("Another reason", "As above"),
}

# Published list -> what its codes are here, and what kind of thing that is.
LISTS: dict[str, tuple[str, dict[str, Ours]]] = {
    "contact_source": ("who was speaking", SOURCES),
    "referral_source": ("who was speaking", SOURCES),
    "contact_outcome": ("outcome and tier", OUTCOMES),
    "contact_outcome_flags": ("outcome and tier", FLAGS),
    "primary_need": ("need", PRIMARY_NEEDS),
    "reason_for_closure": ("reason for closing", CLOSURES),
    "gender": ("gender", GENDERS),
    "sex": ("gender", SEXES),
    "ethnicity": ("ethnicity", ETHNICITIES),
    "disability": ("disability", DISABILITIES),
    "cin_referral_outcome": ("outcome of a safeguarding episode", REFERRAL_OUTCOMES),
    "assessment_outcome": ("outcome of a safeguarding episode", ASSESSMENT_OUTCOMES),
    "category_of_abuse": ("need", ABUSE),
    "assessment_factors": ("need", FACTORS),
    "worker_change_reason": ("nothing", CHANGES_OF_WORKER),
}


def find(codes: dict[str, Ours], code: str) -> Ours | None:
    """What a code is here, however it is written; None if it is not on the published list."""
    wanted = code.strip().casefold()
    for candidate in (wanted, wanted.lstrip("0") or "0"):
        for published, ours in codes.items():
            if published.casefold() == candidate:
                return ours
    return None


def said(codes: dict[str, Ours], text: str) -> str:
    """A code in our words; what is not a published code as it was written."""
    ours = find(codes, text)
    return ours.label if ours else text.strip()


def tables() -> str:
    """The mapping as the tables of docs/import.md."""
    parts = []
    for name, (kind, codes) in LISTS.items():
        rows = [
            f"### {name.replace('_', ' ').capitalize()}",
            "",
            f"| Published code | Here ({kind}) | Means |",
            "|---|---|---|",
        ]
        for code, ours in codes.items():
            here = f"left out: {ours.why}" if ours.left_out else f"`{ours.value}`"
            rows.append(f"| {code} | {here} | {ours.label} |")
        parts.append("\n".join(rows) + "\n")
    return "\n".join(parts)
