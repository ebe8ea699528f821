"""Why people come: for each theme the needs, what they say in their own words, and what is answered when they are asked."""

from dataclasses import dataclass, field
from random import Random

from desk.borough.words import filled, one_of

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Theme:
    """One reason to come to the front door. `answers` are given beside the safe answers to the screening."""

    key: str
    share: int
    needs: tuple[str, ...]
    words: tuple[str, ...]
    more: tuple[str, ...] = ("",)
    answers: dict[str, str] = field(default_factory=dict)
    more_needs: tuple[str, ...] = ()
    channels: str = "phone_in:50 walk_in:25 web:18 email:7"
    family: bool = False
    light: bool = False
    simple: float = 0.0
    """How often it is a simple enquiry, to which the five questions do not apply."""
    team: str = "Homes and money"
    events: tuple[str, ...] = ("",)
    trend: float = 0.0
    """How much the theme grows (or shrinks) over the whole time: 0.3 is 30 % more at the end."""
    winter: float = 0.0
    """How much more of it comes in the middle of winter than in summer."""


PROFESSIONAL = "police:35 partner:25 email:25 phone_in:15"
THEMES: tuple[Theme, ...] = (
    Theme(
        "information", 1500, ("information",),
        (
            "Wanted to know where the {place} hub is and when it opens.",
            "Asked how to replace a lost bus pass.",
            "Needs the form for a blue badge and does not have a printer.",
            "Which bins go out this week? The calendar never came.",
            "How do I register my grandson at the library?",
            "Asked which school nurse covers {place}.",
            "Wants to know how to tell us about a new bank account.",
        ),
        light=True, simple=1.0, channels="phone_in:60 walk_in:25 web:5 webchat:10", trend=-0.1,
    ),
    Theme(
        "work", 470, ("work",),
        (
            "I was laid off from the {job} and I need to find something near home.",
            "I want to work but I need hours that fit around school.",
            "I have been applying online for months and nobody answers. Can someone look at my CV?",
            "I used to do {job} work back home and do not know how to get my papers accepted here.",
        ),
        ("My {family} said you have a job club.", "I can start tomorrow.", ""),
        more_needs=("skills", "digital"), light=True, simple=0.5, trend=0.15,
    ),
    Theme(
        "learning", 300, ("esol",),
        (
            "I want English class. My daughter speaks for me now but she is at school.",
            "Would like to join English lessons in the mornings, ideally in {place}.",
            "I can speak but cannot write well, and the Jobcentre sends letters.",
        ),
        more_needs=("digital", "volunteering"), light=True, simple=0.6, channels="walk_in:65 phone_in:25 web:10",
    ),
    Theme(
        "online", 300, ("digital",),
        (
            "I cannot do the form online. I do not have a computer and my phone is old.",
            "They told me everything is on the app now. I am {age} and I do not have an app.",
        ),
        light=True, simple=0.7, channels="walk_in:70 phone_in:30",
    ),
    Theme(
        "volunteering", 90, ("volunteering",),
        ("I am retired and would like to help at the hub a couple of mornings.", "You helped me last year. Now I would like to give something back."),
        light=True, simple=0.7, trend=0.6,
    ),
    Theme(
        "lonely", 170, ("loneliness",),
        (
            "Since my husband died I can go the whole week without speaking to anybody.",
            "I moved here for my son and I do not know a soul in {place}.",
            "I just wanted to hear a voice, if I am honest.",
        ),
        ("I am not one for clubs but I would try.", "My knees stop me from going far."),
        light=True, winter=0.3, channels="phone_in:70 walk_in:25 email:5",
    ),
    Theme(
        "benefits", 400, ("benefits",),
        (
            "My Universal Credit went down by {pounds} this month and the journal says nothing.",
            "I think I should be getting more. My {family} has a disability and we never claimed for it.",
            "They stopped my housing payment because of a form that I did send.",
            "I have turned {age} and do not know what I can claim.",
        ),
        ("Rent is due on the {day}.", "I have been on hold for two hours.", ""),
        light=True, trend=0.1,
    ),
    Theme(
        "essentials", 260, ("essentials",),
        (
            "There is nothing in the cupboard and I do not get paid until {weekday}.",
            "The meter has run out and I have {pounds} to last the week.",
            "I have been skipping meals so that the children eat.",
            "The fridge broke and everything in it went off.",
        ),
        ("I feel ashamed to ask.", "I only need to get to the end of the month.", ""),
        {"needs_essentials": YES}, more_needs=("benefits", "debt"), winter=0.8, channels="phone_in:55 walk_in:40 web:5",
    ),
    Theme(
        "one_debt", 90, ("debt",),
        (
            "I have a council tax bill of {pounds} and cannot pay all of it at once.",
            "I am one month behind with the rent because my hours were cut.",
            "I owe the water company {pounds} and they sent a red letter.",
        ),
        ("I have never been in debt before.", ""),
        {"arrears": "council_tax", "arrears_pence": "64000"}, more_needs=("benefits",), trend=0.1,
    ),
    Theme(
        "debts", 46, ("debt",),
        (
            "I am behind with the rent and the council tax and I have stopped opening letters.",
            "Everything comes out on the first and by the fifth there is nothing. I owe {pounds} in all.",
            "We got behind when {family} was off sick, and now it is rent, council tax and the electric.",
            "Two different people from the council ring me about money and neither knows about the other.",
        ),
        ("I cannot sleep for it.", "I want to pay, I just need it in one place.", ""),
        {"arrears": "rent council_tax", "arrears_pence": "286000"}, more_needs=("benefits", "adult_mental_health"),
        events=("", "Hours cut", "Lost a job", "Illness"), trend=0.15,
    ),
    Theme(
        "notice", 34, ("home_at_risk",),
        (
            "The landlord is selling and says that we must be out by the end of the month.",
            "I have a notice from the landlord. It says eight weeks. I have never missed the rent.",
            "My mum says I have to go when the baby comes, there is no room.",
            "The agent put the rent up by {pounds} and I told them that I cannot pay it.",
            "A possession letter from the court came this morning and I do not understand it.",
        ),
        ("The children are settled at school here.", "We have nowhere to go.", ""),
        {"home_loss_56_days": YES, "eviction_risk": YES}, more_needs=("debt",), team="Housing prevention",
        events=("Notice from landlord", "Asked to leave by family", "Rent increase"), trend=-0.05,
    ),
    Theme(
        "homeless", 17, ("homeless",),
        (
            "I am ringing from the bus station with the kids. We were locked out this morning.",
            "I have been sleeping in my car behind {place} and now the car has gone.",
            "My cousin let us stay for a week and the week is over. We have two bags and no bed tonight.",
            "They let me out of hospital on {weekday} and the room I had is gone.",
        ),
        ("I do not know what to tell the children.", "I have asked everyone I know.", ""),
        {"sleep_tonight": NO, "priority_need_sign": YES}, team="Housing prevention", channels="walk_in:60 phone_in:30 duty_to_refer:10",
        events=("Evicted", "Asked to leave by family", "Left hospital"), trend=-0.35, winter=0.25,
    ),
    Theme(
        "housing_poor", 30, ("home_unsuitable",),
        (
            "There is black mould in the bedroom and the little one is always coughing.",
            "Five of us in one bedroom. The boys share with us.",
            "The lift has been out for three weeks and I am in a wheelchair on the fourth floor.",
        ),
        ("I have told the landlord again and again.", ""),
        more_needs=("early_health", "disability_or_illness"), team="Housing prevention",
    ),
    Theme(
        "domestic_abuse", 34, ("da_victim",),
        (
            "He checks my phone and takes my wages. I have ten minutes while he is at work.",
            "He pushed me against the door again last night. I do not want the police, I want it to stop.",
            "My ex waits outside the school. I have changed my number twice.",
            "My brother-in-law says I will be sent back if I talk to anyone.",
        ),
        ("Please do not ring this number after four.", "The children heard it.", ""),
        {"hurt_or_controlled": YES}, more_needs=("da_child",), team="Safeguarding hub",
        channels="phone_in:45 walk_in:25 police:20 partner:10",
    ),
    Theme(
        "child_harm", 128, ("child_abuse_or_neglect",),
        (
            "School: a child in year 4 says that he was hit with a belt. There is a mark on his arm.",
            "Health visitor: home very cold and dirty, baby not weighed for two months, mother would not let me in.",
            "Police: children of 5 and 3 found alone at home at 11pm.",
            "Neighbour reports shouting most nights and a small child crying on the landing.",
            "Nursery: third week in the same clothes, hungry on arrival, nobody collects on time.",
        ),
        ("Parent was not told of this contact.", "Parent knows that we are ringing.", ""),
        {"child_abuse": YES, "child_worry": YES}, family=True, team="Safeguarding hub", channels=PROFESSIONAL,
    ),
    Theme(
        "child_witness", 272, ("da_child",),
        (
            "Police: called to an argument at the address. Two children upstairs, not hurt. No arrest.",
            "Police: third call this year. Both adults had been drinking; a child of 6 opened the door to us.",
            "School: she says that daddy shouts at mummy at night and that she hides under the bed.",
            "Health visitor: mother has told me that he pushed her. The baby was in the room.",
        ),
        ("Parent was not told of this contact.", "Parent knows that we are ringing.", ""),
        {"child_at_home": YES, "child_worry": NO, "hurt_or_controlled": YES}, family=True, team="Safeguarding hub", channels=PROFESSIONAL,
    ),
    Theme(
        "child_worry", 30, ("parenting",),
        (
            "School: attendance has dropped and mum says that she cannot get him out of bed.",
            "I shout all the time and I hate it. I need somebody to show me another way.",
            "My son is 13 and has started to hit me. I am frightened of my own child.",
            "He was excluded again and I have used all my leave.",
        ),
        ("Dad lives elsewhere and sees them at weekends.", ""),
        {"child_worry": YES}, more_needs=("attendance_below_90", "child_mental_health", "child_to_parent_violence"), family=True,
        team="Family help", channels="phone_in:40 email:30 walk_in:20 partner:10",
    ),
    Theme(
        "family_help", 46, ("parenting", "attendance_below_90", "adult_mental_health"),
        (
            "It is everything at once: school is ringing, I am off sick, and the baby does not sleep.",
            "School: two children with low attendance, mother is low and on her own, rent behind.",
            "Since their dad left I cannot hold it together and the school is threatening a fine.",
        ),
        ("I have asked for help before and was told to wait.", ""),
        family=True, team="Family help", channels="phone_in:35 email:35 walk_in:20 partner:10", trend=0.1,
    ),
    Theme(
        "young_carer", 8, ("young_carer",),
        (
            "School: she is late most days because she gives her mother her medicine before she leaves.",
            "My son does the cooking and looks after me since the stroke. He is 12. It is not right.",
        ),
        family=True, team="Family help", channels="email:50 phone_in:50",
    ),
    Theme(
        "early_years", 20, ("new_parent",),
        (
            "I am seven months gone and I have nothing for the baby.",
            "My baby is six weeks old and I cry every day. I have no family here.",
        ),
        ("The midwife said to ring you.", ""),
        {"child_at_home": YES, "child_worry": NO}, more_needs=("adult_mental_health", "essentials"), team="Family help",
    ),
    Theme(
        "adult_care", 34, ("adult_care",),
        (
            "Mum is {age} and had two falls this month. I go in every morning and I am worn out.",
            "Dad leaves the gas on. I work nights and cannot watch him.",
            "I came out of hospital and cannot get up the stairs by myself.",
        ),
        ("We do not want a home, just some help.", ""),
        {"adult_care_need": YES, "carer_strain": YES}, team="Adult intake", channels="phone_in:65 email:15 partner:20", trend=0.1,
    ),
    Theme(
        "adult_at_risk", 41, ("adult_abuse_or_neglect",),
        (
            "GP: patient with dementia has lost weight, bank card is held by a nephew, bruises on the wrist.",
            "Carer agency: client left without food over the weekend, son answers the door and sends us away.",
            "Fire service: hoarding to the ceiling, blocked exits, man of {age} living alone.",
        ),
        answers={"adult_abuse_or_neglect": YES, "adult_care_need": YES, "cannot_protect_self": YES}, team="Safeguarding hub",
        channels=PROFESSIONAL,
    ),
    Theme(
        "despair", 11, ("adult_mental_health",),
        (
            "I do not see the point any more. I am not going to do anything, I just needed to say it.",
            "Some days I think that they would all be better off without me.",
        ),
        answers={"suicidal_thoughts": YES, "suicidal_plan": NO}, team="Adult intake", channels="phone_in:90 webchat:10",
    ),
    Theme(
        "neet", 10, ("neet",),
        ("He is 17, finished school in June and sits in his room.", "College took me off the course for attendance and I do not know what to do now."),
        team="Family help",
    ),
    Theme(
        "no_funds", 5, ("essentials",),
        ("My visa says no public funds. My husband left and I have two children to feed.",),
        answers={"nrpf": YES, "needs_essentials": YES}, family=True, team="Safeguarding hub",
    ),
    Theme(
        "mental_health", 26, ("adult_mental_health",),
        (
            "I have not left the flat for a month. The letters are in a bag behind the door.",
            "The doctor has put me on tablets and there is a waiting list to talk to someone.",
        ),
        ("My {family} made me ring.", ""),
        more_needs=("debt", "benefits"), team="Adult intake",
    ),
)  # fmt: skip
BY_KEY = {theme.key: theme for theme in THEMES}
CHASING = (
    "I rang last week and was told that somebody would ring back. Nobody did.",
    "Just wanted to know what is happening with my case.",
    "I had a letter from you and I cannot make out what it wants from me.",
    "I sent the papers twice now. Did you get them?",
)
PLACES = ("Barking", "Dagenham", "Chadwell Heath", "Becontree", "Thames View", "Rush Green")
JOBS = ("warehouse", "kitchen", "care home", "cleaning", "delivery", "building", "school office")
FAMILY = ("husband", "wife", "mum", "son", "daughter", "sister", "brother", "partner")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def in_their_words(random: Random, theme: Theme) -> str:
    """What somebody says who comes with this."""
    return filled(random, f"{random.choice(theme.words)} {random.choice(theme.more)}".strip(), GAPS)


GAPS = {
    "place": one_of(*PLACES),
    "job": one_of(*JOBS),
    "family": one_of(*FAMILY),
    "weekday": one_of(*WEEKDAYS),
    "pounds": lambda random: f"£{random.randint(2, 90) * 10}",
    "day": lambda random: f"{random.randint(20, 28)}th",
    "age": lambda random: str(random.randint(66, 89)),
}
