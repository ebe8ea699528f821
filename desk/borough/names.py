"""Names as they are heard in east London. Own lists, put together at random: no real person is meant."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Origin:
    """A custom of naming: given names of women and men, family names, and the languages spoken at home."""

    share: int
    languages: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    families_of_women: tuple[str, ...] = ()
    after_father: bool = False
    interpreter: float = 0.0


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ORIGINS: tuple[Origin, ...] = (
    Origin(
        30, ("",),
        _names("Amy Chloe Donna Tracey Kelly Lauren Gemma Sharon Jade Ellie Maureen Doreen Sandra Paula Leanne Holly Megan Charlotte Freya Ruby Lorraine Stacey"),
        _names("Lee Darren Jack Terry Barry Kevin Ryan Callum Alfie Ronnie Steve Dean Harry George Connor Liam Tommy Frank Keith Scott Wayne Archie"),
        _names("Archer Bantock Clements Dymond Everard Fulbrook Garrod Hockley Ingram Jessop Kettley Lorimer Marlow Nunnery Oakes Pilgrim Quilter Rudkin Sawkins Thurgood Upshall Vickery Wadlow Yelland Beckley Coleman Harkness Stallard"),
    ),
    Origin(
        14, ("Bengali", "Bengali", "Sylheti"),
        _names("Amina Rahela Shirin Nasima Taslima Farhana Sultana Rukshana Halima Ayesha Jannat Sumaiya Tahmina Nusrat Maliha Parveen"),
        _names("Abdul Kamal Rafiq Shahid Jamal Tariq Mizan Habib Nazrul Saiful Arif Imran Shofiq Zakir Anwar Rezaul"),
        _names("Rahman Miah Uddin Ali Hossain Chowdhury Ahmed Islam Khan Choudhury Mahmud Talukdar"),
        _names("Begum Khatun Akter Rahman Bibi Islam Chowdhury Sultana"),
        interpreter=0.3,
    ),
    Origin(
        9, ("Urdu", "Punjabi", "English"),
        _names("Saima Rabia Zainab Iqra Bushra Nadia Sadia Kiran Mehwish Hina Aliza Noor Shazia Uzma"),
        _names("Usman Bilal Asad Kashif Hamza Waqas Adnan Faisal Zeeshan Omar Rizwan Nabeel Sajid Haroon"),
        _names("Malik Hussain Iqbal Butt Mirza Qureshi Siddiqui Akhtar Bashir Mahmood Raza Javed Shah"),
        interpreter=0.15,
    ),
    Origin(
        12, ("", "Yoruba", "Igbo"),
        _names("Funmilayo Chioma Bukola Ngozi Adaeze Temitope Folake Yetunde Ifeoma Abimbola Blessing Omolara Ebele Titilayo Grace Adunni"),
        _names("Olumide Chinedu Babatunde Emeka Segun Ikenna Tunde Obinna Femi Kelechi Adewale Uche Kunle Samuel Ayodele Nnamdi"),
        _names("Adeyemi Okafor Balogun Eze Ogunleye Nwosu Adebayo Okonkwo Afolabi Obi Akinola Onyeka Oladipo Chukwu Bankole Ibe"),
    ),
    Origin(
        5, ("", "Twi"),
        _names("Akosua Abena Efua Ama Esi Adwoa Afia Yaa Comfort Mercy"),
        _names("Kwame Kofi Yaw Kojo Kwabena Ebo Fiifi Nana Ekow Isaac"),
        _names("Mensah Osei Boateng Owusu Asante Appiah Agyeman Darko Amoah Sarpong"),
    ),
    Origin(
        8, ("Romanian",),
        _names("Elena Ioana Mihaela Andreea Cristina Gabriela Simona Alina Roxana Daniela Ana-Maria Raluca"),
        _names("Ștefan Andrei Mihai Ionuț Cătălin Florin Vasile Gheorghe Dragoș Marius Bogdan Răzvan"),
        _names("Popescu Ionescu Munteanu Rusu Dumitrescu Stoica Matei Ciobanu Gheorghiu Lupu Nistor Ungureanu"),
        interpreter=0.35,
    ),
    Origin(
        5, ("Lithuanian",),
        _names("Rasa Jurgita Daiva Eglė Ieva Ramunė Vilma Asta Goda Lina"),
        _names("Mindaugas Tomas Darius Andrius Vytautas Paulius Gintaras Rokas Saulius Marius"),
        _names("Kazlauskas Žukauskas Petrauskas Balčiūnas Butkus Vasiliauskas Navickas Urbonas"),
        _names("Kazlauskienė Žukauskaitė Petrauskienė Balčiūnaitė Butkutė Vasiliauskienė Navickaitė Urbonienė"),
        interpreter=0.25,
    ),
    Origin(
        4, ("Polish",),
        _names("Agnieszka Katarzyna Małgorzata Joanna Beata Ewa Zofia Dorota Magda Hanna"),
        _names("Piotr Tomasz Krzysztof Marek Łukasz Paweł Grzegorz Jakub Wojciech Adam"),
        _names("Kowalski Wiśniewski Zieliński Nowak Mazur Szymański Wójcik Dąbrowski"),
        _names("Kowalska Wiśniewska Zielińska Nowak Mazur Szymańska Wójcik Dąbrowska"),
        interpreter=0.2,
    ),
    Origin(
        3, ("Albanian",),
        _names("Arjeta Blerina Drita Elira Fatmira Mirela Teuta Valbona"),
        _names("Agron Besnik Dritan Fatos Ilir Luan Sokol Arben"),
        _names("Hoxha Krasniqi Berisha Gjoka Dervishi Leka Shala Marku"),
        interpreter=0.25,
    ),
    Origin(
        5, ("", "Punjabi", "Gujarati"),
        _names("Harpreet Simran Jasleen Manjit Priya Meera Anjali Kavita Hetal Nisha Gurleen Bhavna"),
        _names("Gurpreet Amrit Jaspal Rajan Vikram Nilesh Sunil Harjit Dipesh Kiran Manpreet Hardeep"),
        _names("Patel Sandhu Gill Shah Dhillon Mistry Grewal Desai Bains Parmar Sidhu Solanki"),
    ),
    Origin(
        4, ("",),
        _names("Marcia Shanice Beverley Tanya Camille Joy Kadeem-Ann Keisha Sonia Althea"),
        _names("Winston Delroy Jermaine Devon Tyrone Leon Marlon Clive Andre Dwayne"),
        _names("Campbell Grant Gordon Bailey Francis Morrison Bennett Dacosta Palmer Lindo"),
    ),
    Origin(
        4, ("Somali",),
        _names("Hodan Sagal Ifrah Fartun Hibaq Ayaan Nimco Khadra Ubah Deeqa"),
        _names("Abdi Warsame Liban Guled Mahad Yusuf Hassan Farah Bashiir Ismail"),
        _names("Warsame Farah Hersi Jama Abdullahi Nur Duale Egal Samatar Gedi"),
        after_father=True, interpreter=0.4,
    ),
    Origin(
        3, ("French", "Lingala", "English"),
        _names("Béatrice Clarisse Mireille Nadège Solange Chantal Odette Espérance"),
        _names("Dieudonné Jean-Pierre Patrice Trésor Christian Fabrice Héritier Serge"),
        _names("Kabongo Mukendi Ilunga Mbuyi Tshibangu Lukusa Kalala Ngoma"),
        interpreter=0.25,
    ),
    Origin(
        3, ("Portuguese",),
        _names("Fátima Conceição Lurdes Débora Marlene Inês Vanessa Luísa"),
        _names("João Nuno Rui Edson Tiago Anselmo Paulo Vítor"),
        _names("Fernandes Correia Moniz Tavares Varela Barbosa Semedo Lopes"),
        interpreter=0.2,
    ),
    Origin(
        3, ("Bulgarian", "Turkish"),
        _names("Desislava Milena Ayşe Petya Sevgi Radka Emine Galina"),
        _names("Dimitar Hristo Mehmet Plamen Ahmet Stoyan Murat Kiril"),
        _names("Dimitrov Yılmaz Kolev Demir Petkov Aydın Iliev Kaya"),
        _names("Dimitrova Yılmaz Koleva Demir Petkova Aydın Ilieva Kaya"),
        interpreter=0.35,
    ),
    Origin(
        2, ("Dari", "Pashto"),
        _names("Zarghuna Laila Parwin Freshta Shabnam Maryam"),
        _names("Najib Farid Hamid Wali Rahim Nasir"),
        _names("Ahmadzai Noori Stanikzai Rahimi Safi Wardak"),
        interpreter=0.6,
    ),
    Origin(
        3, ("Tamil",),
        _names("Kavitha Shanthi Vasuki Malathi Tharani Ramya"),
        _names("Sivakumar Ravi Suresh Kumaran Ganesh Mathan"),
        _names("Selvarajah Kandiah Nadarajah Sivanathan Pathmanathan Ratnam"),
        after_father=False, interpreter=0.2,
    ),
    Origin(
        2, ("Ukrainian", "Russian"),
        _names("Oksana Iryna Natalia Halyna Yulia Svitlana"),
        _names("Oleksandr Taras Bohdan Vadym Serhiy Maksym"),
        _names("Shevchuk Kravets Bondar Melnyk Tkach Lysenko"),
        interpreter=0.5,
    ),
)  # fmt: skip
_SHARES = [origin.share for origin in ORIGINS]
SHORT = {
    "Charlotte": "Charlie", "Samuel": "Sam", "Oleksandr": "Sasha", "Katarzyna": "Kasia", "Małgorzata": "Gosia", "Agnieszka": "Aga",
    "Babatunde": "Tunde", "Funmilayo": "Funmi", "Temitope": "Temi", "Mohammed": "Mo", "Gurpreet": "Gary", "Mindaugas": "Min",
    "Terry": "Tel", "Krzysztof": "Kris", "Jean-Pierre": "JP", "Harpreet": "Harp", "Doreen": "Reenie", "Maureen": "Mo",
}  # fmt: skip


def any_origin(random: Random) -> Origin:
    """A household's custom of naming."""
    return random.choices(ORIGINS, _SHARES)[0]


def given_name(random: Random, origin: Origin, *, woman: bool) -> str:
    """A given name."""
    return random.choice(origin.women if woman else origin.men)


def family_name(random: Random, origin: Origin) -> int:
    """Which family name a household has: its place in the lists, as women may write it otherwise."""
    return random.randrange(len(origin.families))


def full_name(origin: Origin, given: str, family: int, *, woman: bool, father: str = "") -> str:
    """The name as the person gives it."""
    families = origin.families_of_women if woman and origin.families_of_women else origin.families
    parts = [given, father if origin.after_father else "", families[family % len(families)]]
    return " ".join(part for part in parts if part)
