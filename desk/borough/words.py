"""What workers write: notes, goals, actions, reviews, messages. Own sentences, filled at random; about nobody."""

from collections.abc import Callable
from functools import cache
from random import Random
from string import Formatter

FIRST_NOTES = (
    "Visited at home. Everybody was in. We looked at what matters most to them this month and agreed to begin with {first}.",
    "First meeting at the hub. They had brought every letter in a carrier bag; we sorted them together and made a list.",
    "Rang at the agreed time. Explained who I am, what I can and cannot do, and what is written down. They agreed to a visit.",
    "Joint visit with the {other}. Tense at first, easier after tea. They want one person to speak to instead of five.",
)
NOTES = (
    "Rang {first} time today, got through. Things are a little calmer. Landlord has agreed to wait until the {day}.",
    "Visited. Kitchen tidy, food in. {who} was at school. Talked about mornings and what makes them go wrong.",
    "No answer at the door, left a card. Rang later: they had been at the hospital. New time agreed.",
    "Sat together and filled in the form. It took an hour and a half. Sent with proof of posting.",
    "Meeting at the school with the head of year. A plan for late arrivals; reviewed in three weeks.",
    "Spoke to the Jobcentre work coach. The sanction was a mistake and is lifted.",
    "They rang to say that it went well at the appointment. First good news in a while, they said.",
    "Quiet visit. They are tired. Did not push; agreed to do the budget next week instead.",
    "Message left with the agent about the repair. No answer for the third time; wrote by email with photographs.",
    "Went through the plan. Two of the actions are done, one is late and it is ours.",
)
CALLS = ("call", "call", "visit", "visit", "office", "meeting", "message")
GOALS = {
    "debt": ("The rent is paid each month and the arrears go down by £20 a week.", "All debts are in one plan that leaves enough to live on."),
    "benefits": ("Everything that they are entitled to has been claimed.", "The claim is in payment and right."),
    "home_at_risk": ("They keep this home, or move to another without a night in between.", "The notice is withdrawn or a new tenancy signed."),
    "homeless": ("A home of their own within the year.", "A settled home near the school."),
    "home_unsuitable": ("The repair is done and the room is dry.", "A move to a home that fits all of them."),
    "parenting": ("Evenings without shouting, four days in seven.", "Bedtime by eight on school nights."),
    "attendance_below_90": ("In school every day, on time, until the end of term.", "Attendance above 92 % by Easter."),
    "adult_mental_health": ("They see somebody about how they feel, and go again.", "Out of the flat at least twice a week."),
    "da_victim": ("They and the children are safe, and know what to do if not.", "A safety plan that everybody knows."),
    "adult_care": ("Safe at home with help twice a day.", "The carer has one day a week to herself."),
    "essentials": ("Food and heating until the next payday, and a budget after that.",),
    "": ("Things are steady enough to manage without us.", "They know whom to ask, and ask in time."),
}  # fmt: skip
ACTIONS = (
    "Ring the landlord and ask for the arrears statement", "Apply for a discretionary payment", "Bring three months of bank statements",
    "Go to the appointment at the surgery", "Speak to the school about mornings", "Complete the benefit check",
    "Write to the court before the hearing", "Set up the standing order", "Visit the children's centre together",
    "Ask for a repair date in writing", "Register on the housing list", "Meet the group leader before the first session",
)  # fmt: skip
RESULTS = ("Done.", "Done; confirmation on file.", "Done after a second try.", "Done together.", "")
REVIEWS = (
    "We went through each goal. {moved} The household wants to go on with the same plan.",
    "Review with the household and the school. {moved} Next steps agreed and written on one page.",
    "Short review by phone because of a night shift. {moved}",
)
MOVED = (
    "Rent has been paid for two months.",
    "Mornings are better.",
    "The claim has been decided.",
    "One goal is reached.",
)
NOT_MOVED = (
    "Little has changed since last time.",
    "The appointment fell through twice.",
    "Illness has held everything up.",
)
VIEWS = (
    "It helps that it is always the same person.", "I feel listened to.", "I wish it had been quicker.", "We can manage now.",
    "It is a lot of appointments.", "I know who to ring.", "",
)  # fmt: skip
SUMMARIES = (
    "Worked with the household for several months on what they came with. What was agreed is in place; they know how to come back.",
    "The debts are in a plan, the income is right and the tenancy is safe. Nothing is left that needs a worker.",
    "School, home and money are steady. The household says that they can go on by themselves.",
    "A settled home was found and the move went well. The new address is on the record.",
)
LOST = "Four visits, six calls and two letters without an answer. The manager looked at the risks and agreed to close."
CHECKS = {
    True: "Rang after six months: it has held. They know where we are.",
    False: "Rang after six months: they are behind again. A new contact was made.",
    None: "Two calls and a letter, no answer.",
}
SUPERVISION = (
    "Discussed progress and risk. Direction: hold to the plan, speak with the school before the next visit.",
    "Talked about what is behind the missed appointments. Direction: offer evenings, review in four weeks.",
    "No change in risk. Direction: prepare the ending with the household.",
)
LOWER = {
    "already_met": "They rang back before we did: it has been sorted out with the landlord.",
    "known_safe": "Spoke to the school and the health visitor, who see the children each week and are not worried.",
    "wrong_answer": "The answer was ticked by mistake; I rang to make sure and put it right.",
    "resident_declines": "They understand what is offered and do not want it now. They know how to come back.",
    "other_service": "The hospital team is doing this already and will tell us when they finish.",
}
HIGHER = (
    "They play it down. The history says that it gets worse quickly.",
    "Third move in a year with small children: I want one person to hold this.",
    "Sounded confused and very tired; I do not think this was all.",
)
RATIONALES = {
    "no_action": "Checks with school and health raise no concern. Referrer told.",
    "community": "No safeguarding threshold met. The family agrees to the children's centre and a parenting group.",
    "early_help": "Needs but no significant harm. The parent agrees to Family help.",
    "da_service": "Risk assessed as medium. Safety plan made; the independent adviser takes it on.",
    "nrpf": "Destitution likely and children involved. Passed to the team for people without public funds.",
    "assessment": "Child likely to be in need: social work assessment under section 17.",
    "enquiry": "Reasonable cause to suspect significant harm: strategy meeting held, section 47 enquiry.",
    "care": "Could not be made safe at home tonight. Accommodated with the parent's agreement.",
    "adult_enquiry": "The three tests are met: enquiry under section 42.",
    "specialist": "Needs the specialist health team, who have accepted.",
}
REASONS = {
    "debt": "Several debts and no plan; wants one budget and somebody to talk to the creditors.",
    "benefits": "Income seems too low for the household; wants a full check.",
    "essentials": "No food until payday; parcel for the household.",
    "da_victim": "Wants to talk to a women's worker about staying safe.",
    "work": "Wants to get back into work and needs help with a CV and interviews.",
    "parenting": "Wants to meet other parents and learn new ways to handle evenings.",
    "adult_mental_health": "Low mood since the winter; would like a group in the daytime.",
    "loneliness": "Sees nobody during the week; would like a visitor or a walk.",
    "esol": "Wants English classes in the morning.",
    "": "Would like what the service offers, and agreed that we ask.",
}
DECLINES = {
    "capacity": "We are full until next month.", "ineligible": "Lives outside our area of benefit.", "wrong_service": "This needs housing advice rather than us.",
    "too_little": "We cannot tell what is wanted. Please ring us.", "unreachable": "Rang four times at different hours, no answer.",
    "closed_list": "Our waiting list is closed.", "duplicate": "Already with us since last month.",
}  # fmt: skip
OUTCOMES = {
    "met": "Came to every session. What was asked for is done.",
    "partly_met": "Came to about half. Some of it is done.",
    "not_engaged": "Did not come after the first call.",
    "stepped_back": "We are worried about a tenancy problem that is beyond us.",
}
MESSAGES = (
    "Thank you. We will ring on {weekday}.", "Is the afternoon better for a call?", "They came and it went well.",
    "Could you tell them to bring identification?", "We have moved the first session by a week.",
)  # fmt: skip
REPLIES = ("Afternoons are best, after three.", "I have told them. Thank you.", "They will bring it.", "Good to hear.")


def say(random: Random, texts: tuple[str, ...]) -> str:
    """One of the sentences, its gaps filled."""
    return filled(random, random.choice(texts), GAPS)


def filled(random: Random, text: str, gaps: dict[str, Callable[[Random], str]]) -> str:
    """A sentence with its gaps filled; only those that it has are drawn."""
    names = _gaps_of(text)
    return text.format(**{name: gaps[name](random) for name in names}) if names else text


def one_of(*words: str) -> Callable[[Random], str]:
    """Draws one of the words."""
    return lambda random: random.choice(words)


@cache
def _gaps_of(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, name, _, _ in Formatter().parse(text) if name))


GAPS = {
    "first": one_of("the rent", "sleep", "school mornings", "the letters", "food"),
    "other": one_of("health visitor", "school", "housing officer", "support worker"),
    "day": lambda random: f"{random.randint(3, 27)}th",
    "who": one_of("The eldest", "The little one", "Grandmother", "The partner"),
    "moved": one_of(*MOVED),
    "weekday": one_of("Monday", "Tuesday", "Thursday", "Friday"),
}
