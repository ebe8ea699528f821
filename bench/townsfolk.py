"""A register of invented people with names of the bench's own: nothing here was looked at while the product's tables were made.

220,000 people in households, with family names shared, former names, old addresses and phones; bare rows, so that a copy is quick.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from random import Random

# name of the custom | share | given names of women | of men | family names. The first are the most frequent.
_CUSTOMS = """
home|34|Olivia Amelia Isla Ava Ivy Freya Lily Florence Mia Willow Rosie Sophia Isabella Grace Daisy Sienna Poppy Elsie Emily Ella Evelyn Phoebe Evie Charlotte Harper Millie Matilda Maisie Sofia Emilia Harriet Alice Hallie Ruby Robyn Margaret Susan Patricia Christine Linda Jean Carol Jacqueline Elizabeth Catherine Sandra Julie Deborah Karen Alison Helen Joanne Rebecca Victoria Samantha Rachel Hannah Jessica Katherine Theresa Josephine Kathleen Dorothy Barbara Pamela Brenda Geraldine Maureen Annette Lesley Hayley Natasha Kirsty Abigail Bethany Georgina Eleanor Penelope Philippa Rosemary Winifred Beatrice Gillian Marjorie|Noah Oliver George Arthur Leo Muhammad Theodore Henry Oscar Archie Jack Freddie Theo Charlie Harry Alfie Jacob Thomas Finley William James Lucas Edward Roman Isaac Joshua Alexander Max Reuben Benjamin Daniel Samuel Joseph Michael David John Peter Robert Paul Andrew Stephen Christopher Anthony Kenneth Ronald Raymond Dennis Terence Derek Leslie Gerald Geoffrey Malcolm Timothy Nicholas Matthew Jonathan Gregory Frederick Albert Ernest Sidney Stanley Walter Reginald Leonard Kevin Graham Trevor Russell Dominic Sebastian Patrick Francis Nathaniel Zachary Jeremy Philip Lawrence|Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Jackson Clarke Harrison Cooper King Lee Baker Turner Moore Martin Hill Carter Phillips Parker Bennett Young Collins Webb Shaw Murphy Ellis Foster Fletcher Marshall Simpson Barker Butcher Cartwright Chandler Draper Farrow Gardiner Hargreaves Holloway Kirkpatrick Lockwood Mayhew Nightingale Ormerod Pemberton Quayle Ravenscroft Satterthwaite Threlfall Underhill Venables Wainwright Yardley Abernathy Blenkinsop Cholmondeley Dalrymple Entwistle Fotheringham Goldsmith Hathaway Ibbotson Jarvis Kershaw Longbottom Micklethwaite Neville Osborne Prendergast Radcliffe Sidebottom Tattersall Uttley Vickers Whittaker Attwood Braithwaite Cavendish Duckworth Eccleston Featherstone Gaskell Hibbert Inskip Jepson Kettlewell Lumsden Maddox Norris O'Connor O'Sullivan McCarthy McDonald MacLeod Fitzgerald Gallagher Doherty Brennan Donnelly Kavanagh Rafferty
bengal|15|Fatema Nazma Shamima Rehana Sabina Jesmin Monowara Shahanara Tania Mahbuba Afroza Hasina Khaleda Ferdousi Rokeya Shirina Lutfa Salma Nilufar Rashida Dilruba Mst-Rina Hosneara Anowara Marium Zakia Samira Labiba Ruhena Sajeda|Mohammed Abdul Md Shah Mahbub Delwar Alamgir Faruk Iqbal Nurul Abul Jahangir Monir Selim Shafiqul Mizanur Ashraful Rashedul Aminul Khairul Motiur Siraj Tofazzal Ruhul Azizur Lutfur Mujibur Hafizur Kabir Golam|Begum Khatun Akhter Rahman Miah Uddin Ali Hussain Ahmed Chowdhury Islam Haque Hoque Khan Sarkar Mollah Sikder Bhuiyan Howlader Mondal Laskar Biswas Majumder Talukder Kazi Matin Ullah Quddus Jabbar Bari
pakistan|11|Shabana Nasreen Rukhsana Tahira Farzana Robina Samina Naila Aneela Sobia Humaira Javeria Maryam Zahra Khadija Amna Hafsa Asma Kausar Shaista Nighat Yasmeen Tabassum Musarrat Parveen Gulnaz Safia Zubaida|Muhammad Imran Nadeem Tanveer Shahbaz Arshad Khalid Pervez Tahir Waseem Shoaib Aamir Yasir Zahid Saleem Naveed Mudassar Ghulam Akhtar Ijaz Khurram Rashid Sohail Amjad Liaqat Riaz Zulfiqar Ehsan|Hussain Ahmed Khan Mahmood Akhtar Malik Shah Iqbal Bibi Begum Kausar Rehman Mirza Chaudhry Rana Bhatti Qureshi Sheikh Siddique Ashraf Aslam Sharif Raja Awan Kiani Gondal Cheema Tariq Yousaf Sajjad Anjum Naz
nigeria|13|Oluwakemi Adebimpe Morenike Omotayo Oluwabunmi Ajoke Modupe Iyabo Oluwaseyi Olajumoke Tolulope Ronke Yewande Mojisola Amaka Chinyere Nkechi Obioma Uzoamaka Onyinye Ifunanya Chidinma Kosisochukwu Aisha Hauwa Patience Mercy Favour Peace Faith Rita Esther Deborah|Oluwaseun Adekunle Olusegun Rotimi Gbenga Kayode Adeniyi Oluwatobi Damilare Olanrewaju Wale Ayobami Babajide Tokunbo Chukwuemeka Ifeanyi Chibuzor Ugochukwu Okechukwu Uchenna Ebuka Chidi Onyekachi Kenechukwu Emmanuel Victor Sunday Godwin Festus Monday Ibrahim Musa|Adeleke Ogunbanjo Oyewole Adegoke Fashola Olatunji Akinwale Oduya Ojo Alabi Bamidele Lawal Salami Sowande Onabanjo Okoro Nwachukwu Eze Igwe Onwuka Ezeugo Anyanwu Umeh Okeke Chukwuma Nnadi Obasi Iheanacho Osagie Omoregie Idahosa Bello Danjuma Abubakar Yakubu Ekong
ghana|4|Adjoa Akua Abla Ewurabena Araba Serwaa Maame Afua Gifty Vida Dorcas Felicia|Kwabena Kwaku Kwadwo Nii Kobina Kwasi Papa Ebenezer Bright Richmond Prince Desmond|Acheampong Addo Adjei Amankwah Ankrah Antwi Baffour Bonsu Danquah Donkor Frimpong Gyasi Kusi Nkrumah Ofori Opoku Quaye Tetteh Yeboah
romania|8|Maria Ana Alexandra Larisa Bianca Oana Adina Lavinia Monica Camelia Georgeta Floarea Nicoleta Luminița Steluța Claudia Corina Iuliana Loredana Magdalena|Alexandru Ion Nicolae Constantin Gabriel Adrian Daniel Cristian Sorin Liviu Ovidiu Petru Costel Viorel Traian Iulian Lucian Emil Sebastian Octavian|Popa Radu Dumitru Stan Gheorghe Rusu Constantin Marin Ionescu Tudor Dobre Barbu Nistor Dinu Lungu Preda Cojocaru Oprea Pavel Sandu Toma Vlad Moldovan Enache Crișan Bălan Șerban Țurcanu Văduva
poland|5|Anna Barbara Krystyna Elżbieta Teresa Danuta Jadwiga Monika Aleksandra Iwona Grażyna Halina Renata Urszula Weronika Kinga|Jan Andrzej Stanisław Józef Jerzy Zbigniew Ryszard Kazimierz Tadeusz Mariusz Dariusz Sławomir Radosław Przemysław Bartosz Mateusz|Wójtowicz Kamiński Lewandowski Woźniak Kaczmarek Piotrowski Grabowski Pawłowski Michalski Król Wieczorek Jabłoński Wróbel Majewski Olszewski Jaworski Stępień Malinowski Adamczyk Dudek Sikora Walczak
punjab|4|Gurpreet Jasvinder Kulwinder Amandeep Paramjit Sukhvinder Rajwinder Baljit Navneet Kirandeep Komal Deepika Nirmala Usha|Gurdeep Balwinder Kuldip Jagdish Surinder Mandeep Tejinder Sukhdeep Parminder Ravinder Ashok Mukesh Rajesh Bharat|Singh Kaur Sharma Kumar Gupta Chauhan Bhogal Sahota Johal Kalsi Virdee Nagra Rai Mann Atwal Dosanjh
somalia|4|Fadumo Halimo Sahra Hawa Maryan Amal Idil Naima Saado Shukri Zamzam Ruqiya|Abdirahman Mohamud Abdullahi Ahmed Ali Osman Hussein Ibrahim Cabdi Salad Jamac Dahir|Abdi Mohamed Ali Hassan Omar Ahmed Yusuf Osman Aden Ismail Hussein Ibrahim Sheikh Muse Dirie Elmi Awale Roble
caribbean|2|Yvonne Paulette Hyacinth Merlene Ionie Sherene Latoya Shantelle|Errol Carlton Lloyd Everton Courtney Desmond Leroy Rohan|Thompson Brown Reid Clarke Henry Stewart Lewis McKenzie Blake Wallace Pinnock Grizzle
"""
# The long tail of family names, put together: most people of a custom bear a name that few share.
_TAILS = {
    "home": "Ash Bar Bex Brad Brom Burn Cal Cars Chad Clay Cran Dal Dun East Elm Farn Gar Hals Hart Hazel Hol Kel Lang Lin Mar Mel Nor Oak Pen Pres Rad Ross Sel Shel Stan Stain Swin Thorn Til Wal Wes Wind|bourne bury by combe croft den field ford gate ham hurst ingham ley low man mere more ridge sey shaw stead stock ston ter thorpe ton wall well wick worth",
    "bengal": "Abed Alam Amin Anis Azim Bashar Daud Enam Faz Golam Hakim Jalal Kader Latif Mannan Momin Nabi Rab Rouf Salam Shams Wahid|ul uddin ullah ur-Rahman Ali Mia ur Alam Karim",
    "pakistan": "Abba Anwa Ba Da Far Ghaz Hami Jami Kar Luq Maj Naw Qad Rafi Saf Shar Tal War Zam Zub|ar eed i ani man waz aish oor auf air iz ullah khel zai",
    "nigeria": "Ade Aki Ala Ayo Fa Olu Ogu Oye Oni Owo Chuk Nwa Oko Ezi Uzo Ani Ike Obi Aga Ene|bisi dara fowora gbemi jare kunbi lade moye niran sanya tayo toye wumi yinka chi chukwu dike emezie kwesi nna ogu wuike zie",
    "ghana": "Ado Agye Amo Ano Asa Bo Da Fo Ko Ma Nko Owu Sa Te|ako ampong ansah are atta bea eku fosu koto mante mpah nkwa nsah wah",
    "romania": "Alb Anghel Bog Bra Bur Car Cea Chi Cris Dra Flor Gri Har Ior Lac Man Mir Neg Pan Pet Rad Sim Tal Tud Vas Zam|escu eanu oiu aru an ea anu escu oaia ovici",
    "poland": "Bor Brze Cha Czar Dom Fil Gaj Gra Jan Jas Kal Kar Kos Kra Kub Lip Mal Mic Nie Orl Pol Rut Sob Star Tom Urb Wil Zab Zal|ecki iński kowski alski czak czyk ek ewski iak owicz",
    "punjab": "Bad Bra Dha Gare Hund Jass Kang Lal Mah Nijj Pab Pur Ran Sam Seh Sek Tak Toor Uppa Vir|al an ar eh er hon i ian ota wal wan",
    "somalia": "Abu Ade Baa Cal Dee Duu Faa Gaa Guu Hir Jaa Kul Lib Maa Nuu Raa Sam Ugaa War|bil da han le li mar ni rre sho wad yeh yow",
    "caribbean": "Bar Bla Bur Camp Cha Dal Dex Ever Fran Gor Hib Jack Leb Mal Pat Row Sin Ste War Wil|bert clair don ford lan ley man nett ron son ter ton vell win",
}
_STREETS = """
Becontree Valence Porters Longbridge Fanshawe Halbutt Gale Ivyhouse Hedgemans Wood Lodge Parsloes Lillechurch Oxlow Rainham Heathway Whalebone Bennetts Waldegrave Stamford
Groveway Bromhall Cannington Arnold Terling Marston Rugby Winding Keppel Burnside Canonsleigh Downing Ellerton Finnymore Goresbrook Haydon Ilchester Johnstone Kingsmill Linkway
Maplestead Neasham Osborne Pasture Raydons Singleton Treswell Urswick Verney Wykeham Yewtree Ashbrook Blackborne Coventry Dewey Easebourne Fuller Hitherfield Ivinghoe Kemp
Lullington Monmouth Nicholas Orchard Pondfield Romsey Sterry Talbot Uphall Vicarage Westrow Alderman Bastable Cavendish Digby Eastbury Fresh Greatfields Harrow Jenkins
"""
_KINDS = ["Road", "Road", "Road", "Avenue", "Street", "Close", "Gardens", "Lane", "Way", "Drive"]
_OUTWARD = ["RM8", "RM9", "RM10", "IG11", "RM6", "RM7"]
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


@dataclass
class Home:
    """Where people live."""

    lines: str
    postcode: str
    uprn: str


@dataclass
class Person:
    """Somebody on the register, and what is known of them."""

    name: str
    born: date
    home: Home
    preferred: str = ""
    former: str = ""
    old_home: Home | None = None
    phones: list[str] = field(default_factory=list)
    custom: str = ""
    pk: int = 0


class Names:
    """Draws names of one custom: the first are frequent, the last are rare."""

    def __init__(self, line: str) -> None:
        self.custom, share, women, men, families = line.split("|")
        self.share = int(share)
        self.women, self.men, self.families = women.split(), men.split(), families.split()
        first, last = _TAILS[self.custom].split("|")
        self.firsts, self.lasts = first.split(), last.split()

    def given(self, random: Random, woman: bool) -> str:
        """A given name, now and then with a second one."""
        names = self.women if woman else self.men
        first = _frequent(random, names)
        return f"{first} {random.choice(names)}" if random.random() < 0.25 else first

    def family(self, random: Random) -> str:
        """A family name; now and then two."""
        if random.random() < 0.5:
            return random.choice(self.firsts) + random.choice(self.lasts)
        first = _frequent(random, self.families)
        return f"{first}-{random.choice(self.families)}" if random.random() < 0.03 else first


def _frequent(random: Random, names: list[str]) -> str:
    return random.choices(names, cum_weights=_weights(len(names)))[0]


_kept: dict[int, list[float]] = {}


def _weights(number: int) -> list[float]:
    if number not in _kept:
        _kept[number] = list(accumulate(1 / (place + 6) ** 0.8 for place in range(number)))
    return _kept[number]


class Register:
    """People in households, as many as asked; the same seed makes the same people."""

    def __init__(self, number: int, seed: int) -> None:
        self.random = Random(f"register {seed}")
        self.customs = [Names(line) for line in _CUSTOMS.strip().split("\n")]
        self.beginnings = _STREETS.split()
        self.streets = self._streets(max(60, number // 220))
        self.given_out = 0
        self.people: list[Person] = []
        while len(self.people) < number:
            self._household()
        del self.people[number:]
        for pk, person in enumerate(self.people, 1):
            person.pk = pk

    def _streets(self, number: int) -> list[tuple[str, str]]:
        """Streets with the beginning of their postcodes; syllables make more of them where the borough is large."""
        random, found = self.random, {}
        while len(found) < number:
            name = random.choice(self.beginnings)
            if number > 400 and random.random() < 0.8:
                name = random.choice(self.beginnings)[:4].rstrip("aeiou") + random.choice(("ington", "worth", "field", "mere", "stead", "combe", "hurst", "bourne", "ley", "wick", "ford", "dale"))  # fmt: skip
            found[f"{name} {random.choice(_KINDS)}"] = f"{random.choice(_OUTWARD)} {random.randrange(10)}"
        return list(found.items())

    def _home(self) -> Home:
        random = self.random
        street, beginning = random.choice(self.streets)
        number = random.randrange(1, 180)
        flat = f"Flat {random.randrange(1, 40)}, " if random.random() < 0.2 else ""
        block = number // 30
        postcode = f"{beginning}{_LETTERS[(block * 7 + len(street)) % 20]}{_LETTERS[(block * 3 + ord(street[0])) % 20]}"
        self.given_out += 1
        return Home(f"{flat}{number} {street}", postcode, f"{10_000_000_000 + self.given_out * 7}")

    def _household(self) -> None:
        random = self.random
        names = random.choices(self.customs, [one.share for one in self.customs])[0]
        home, family = self._home(), names.family(random)
        eldest = date(2026, 6, 30) - timedelta(days=int(random.triangular(19, 92, 38) * 365.25))
        for place in range(random.choices((1, 2, 3, 4, 5, 6), (27, 20, 19, 18, 10, 6))[0]):
            born = eldest + timedelta(days=random.randint(-1500, 1500)) if place < 2 else eldest + timedelta(days=random.randint(19 * 365, 38 * 365))  # fmt: skip
            if born < date(2026, 6, 1):
                self._person(names, family, home, born, adult=place < 2)

    def _person(self, names: Names, family: str, home: Home, born: date, *, adult: bool) -> None:
        random = self.random
        woman = random.random() < 0.5
        own = names.family(random) if random.random() < (0.25 if adult else 0.06) else family
        given = names.given(random, woman)
        person = Person(f"{given} {own}", born, home, custom=names.custom)
        if random.random() < (0.12 if woman and adult else 0.02):
            person.former = f"{given} {names.family(random)}"
        if random.random() < 0.12:
            person.old_home = self._home()
        if adult or random.random() < 0.2:
            person.phones = [f"+447{random.randrange(10**8, 10**9)}" for _ in range(1 + (random.random() < 0.2))]
        self.people.append(person)
