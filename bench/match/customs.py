"""Names of the invented registers: own lists, apart from the demonstration borough's, and what officers make of them.

Nothing here is known to the product: its nicknames and sounds are its own.
"""

from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True, slots=True)
class Custom:
    """A custom of naming: given names of women and men, family names, all commonest first."""

    share: int
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    families_of_women: tuple[str, ...] = ()
    before: tuple[str, ...] = ()  # what a man's name often begins with


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ENGLISH = _names(
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Jackson Clarke "
    "Harris Clark Lewis Turner Hill Cooper Ward Morris Moore King Watson Baker Harrison Morgan Patel Young Allen Mitchell James Anderson Phillips "
    "Lee Bell Parker Davis Bennett Miller Cook Shaw Richardson Carter Collins Marshall Bailey Gray Cox Adams Wilkinson Foster Chapman Mason Russell "
    "Powell Webb Rogers Hunt Mills Holmes Palmer Matthews Gibson Fisher Barnes Knight Lloyd Butler Price Stevens Jenkins Murphy Reynolds Kelly Murray "
    "Dixon Fox Ellis Ford Simpson Fletcher Harvey Hughes Andrews Howard Kennedy Lawrence Day Perry Reid Burton Ross Ryan West Cole Hart Dean Stone"
)
_LONG = tuple(
    "".join(parts)
    for parts in product(
        _names("Ash Brad Cal Den Elm Fair Gar Hather Ing Kel Lang Mar Nor Oak Pem Rad Stan Thor Up Wal Whit Ald Bur Cran Dray"),
        _names("ford ton well ley worth field combe stead bridge hurst shaw low by wick more man"),
    )
)  # fmt: skip

CUSTOMS = (
    Custom(
        44,
        _names(
            "Margaret Susan Sarah Emma Olivia Jean Patricia Linda Karen Nicola Jessica Amelia Emily Sophie Lucy Grace Elizabeth Mary Catherine Helen "
            "Jacqueline Deborah Michelle Joanne Rebecca Hannah Laura Rachel Samantha Victoria Stephanie Natalie Kimberley Danielle Abigail Alice Evie Isla "
            "Poppy Daisy Florence Rosie Phoebe Imogen Eleanor Matilda Beatrice Harriet Georgina Rosemary Marjorie Edith Winifred Vera Hilda Sylvia Pauline"
        ),
        _names(
            "David John Michael James Robert William Thomas Daniel Christopher Andrew Stephen Richard Matthew Joshua Oliver Joseph Samuel Benjamin Jacob "
            "Edward Alexander Anthony Nicholas Jonathan Gregory Philip Peter Graham Derek Raymond Kenneth Ronald Leonard Stanley Albert Ernest Arthur "
            "Alfred Frederick Walter Henry Charles Simon Timothy Adam Luke Nathan Aaron Kyle Jordan Connor Lewis Theodore Leo Freddie Jasper Toby Rupert"
        ),
        (*_ENGLISH, *_LONG),
    ),
    Custom(
        13,
        _names(
            "Fatima Ayesha Nazma Rehana Salma Shaheda Rokeya Jahanara Momtaz Hosneara Lutfa Monowara Nasrin Rahima Sabina Shamima Sharmin Tania Yasmin "
            "Zohra Mariam Khadija Hafsa Anika Fahmida Lubna Nargis Rumana Sadika Tanzila"
        ),
        _names(
            "Mohammed Abdul Shah Kamrul Nurul Shamsul Rafiqul Aminul Fazlul Monir Masud Belal Foysal Jahangir Liton Mahbub Nasir Ruhul Sajjad Tanvir "
            "Zahid Ibrahim Yusuf Ismail Hasan Hussain Khaled Mostafa Alamgir Delwar"
        ),
        _names(
            "Ahmed Miah Uddin Ali Hussain Islam Rahman Khan Choudhury Haque Alam Hoque Karim Sarkar Mondal Talukder Bhuiyan Mollah Sikder Biswas Kazi Munshi"
        ),
        _names("Begum Khatun Akhter Bibi Khanom Sultana Rahman Ahmed"),
        _names("Mohammed Md Abdul Syed"),
    ),
    Custom(
        10,
        _names(
            "Amna Sana Maryam Asma Rubina Nasreen Samina Shabana Tahira Zara Hira Kausar Naila Parveen Razia Saira Sumera Tasneem Zubaida Farah Ghazala "
            "Humaira Javeria Laiba Mahnoor"
        ),
        _names(
            "Muhammad Ali Ahmad Hassan Imran Shahid Tariq Khalid Naveed Amjad Arshad Babar Ejaz Farhan Ghulam Iftikhar Jamil Kamran Mansoor Nadeem "
            "Pervaiz Qasim Rashid Sohail Waseem Yasir Zahoor Atif Danish Ehsan"
        ),
        _names(
            "Khan Hussain Ahmed Malik Mahmood Iqbal Akhtar Shah Mirza Chaudhry Butt Bashir Raja Rehman Sheikh Aslam Qureshi Siddique Nawaz Riaz Saeed Yousaf "
            "Zaman Abbasi Bhatti Dar Gondal Janjua Kiani Lodhi"
        ),
        _names("Bibi Begum Kauser Akhtar Khan Hussain Ahmed Malik"),
        _names("Muhammad Mohammad Syed"),
    ),
    Custom(
        15,
        _names(
            "Oluwaseun Adebisi Folasade Chidinma Amarachi Nkechi Uchenna Abiola Olayinka Titilope Ronke Sade Kemi Ngozi Obioma Akua Adjoa Efe Esther "
            "Deborah Ruth Mercy Patience Comfort Faith Joy Peace Precious Fatou Mariama Aminata Isatu"
        ),
        _names(
            "Oluwaseun Olumide Adekunle Ayodeji Babajide Chukwuemeka Chinonso Ifeanyi Obinna Emeka Tochukwu Kayode Gbenga Rotimi Kwabena Kwaku Yaw Emmanuel "
            "Samuel David Daniel Joseph Michael Victor Sunday Moses Ebenezer Ibrahim Mohamed Alhaji Abubakar Lamin"
        ),
        _names(
            "Adeyemi Okafor Williams Johnson Adebayo Ogunbanjo Okonkwo Oyelaran Afolabi Akinwale Olatunji Adeleke Eze Nwachukwu Obi Onyekachi Mensah Owusu "
            "Boateng Asante Osei Appiah Acheampong Amponsah Kamara Sesay Bangura Conteh Koroma Jalloh Turay Cole Thomas Davies Ojo Bello Lawal Sanni Yusuf "
            "Abdullahi Ogunleye Fashola Adeniyi Olawale Odukoya Ezeudu Igwe Nnadi Umeh Chukwu"
        ),
    ),
    Custom(
        12,
        _names(
            "Maria Elena Ioana Andreea Alexandra Mihaela Cristina Gabriela Daniela Ana Raluca Monika Agnieszka Katarzyna Magdalena Joanna Ewa Aneta Beata "
            "Rasa Jurgita Kristina Ruta Inga Vilma Desislava Ivanka Petya Radka Svetla"
        ),
        _names(
            "Andrei Alexandru Mihai Ionut Cristian Gabriel Florin Marius Bogdan Constantin Piotr Krzysztof Tomasz Pawel Marcin Grzegorz Lukasz Mantas Tomas "
            "Darius Andrius Gediminas Ivan Georgi Dimitar Nikolay Stefan Viktor Hristo Plamen"
        ),
        _names(
            "Popescu Ionescu Popa Radu Dumitru Stan Stoica Gheorghe Rusu Munteanu Matei Constantin Nowak Kowalski Wisniewski Wojcik Kaminski Lewandowski "
            "Zielinski Szymanski Kazlauskas Petrauskas Jankauskas Stankevicius Ivanov Petrov Dimitrov Georgiev Todorov Hoxha Shehu Krasniqi Gashi Berisha "
            "Ciobanu Lungu Moraru Ungureanu Sandu Tudor Barbu Nistor Pavel Oprea Cojocaru"
        ),
    ),
    Custom(
        6,
        _names("Priya Kavita Sunita Anjali Harpreet Manjit Jaspreet Gurpreet Meena Lakshmi Thi Linh Mei Xiu Wai Nirmala Rajani Sangeeta Deepa Hetal"),
        _names("Rajesh Sanjay Harjit Gurdeep Balwinder Amit Sunil Vijay Kumar Suresh Van Minh Wei Jun Ho Prakash Dinesh Nilesh Bhavesh Ketan"),
        _names(
            "Patel Singh Kaur Shah Sharma Gill Nguyen Tran Chen Wang Li Wong Chan Desai Mehta Sivakumar Rajan Selvam Sandhu Dhillon Grewal Bains Le Pham Lam"
        ),
    ),
)  # fmt: skip

# What the same person is called at another desk.
CALLED = {
    "Margaret": "Maggie Peggy", "Susan": "Sue Susie", "Patricia": "Pat Trish", "Jessica": "Jess", "Elizabeth": "Liz Beth Lizzie", "Catherine": "Cathy Kate",
    "Jacqueline": "Jackie", "Deborah": "Debbie Deb", "Rebecca": "Becky", "Samantha": "Sam", "Victoria": "Vicky Tori", "Stephanie": "Steph", "Kimberley": "Kim",
    "Abigail": "Abi", "Eleanor": "Ellie Nell", "Matilda": "Tilly", "Georgina": "Georgie Gina", "Rosemary": "Rose", "Nicola": "Nicky", "Joanne": "Jo",
    "David": "Dave", "Michael": "Mike Mick", "James": "Jim Jamie", "Robert": "Bob Rob Bobby", "William": "Bill Will Billy", "Thomas": "Tom", "Daniel": "Dan Danny",
    "Christopher": "Chris", "Andrew": "Andy", "Stephen": "Steve", "Richard": "Dick Rick", "Matthew": "Matt", "Joshua": "Josh", "Oliver": "Ollie",
    "Joseph": "Joe", "Samuel": "Sam", "Benjamin": "Ben", "Jacob": "Jake", "Edward": "Ted Ed", "Alexander": "Alex Sandy", "Anthony": "Tony", "Nicholas": "Nick",
    "Jonathan": "Jon", "Gregory": "Greg", "Philip": "Phil", "Kenneth": "Ken", "Ronald": "Ron Ronnie", "Leonard": "Len", "Albert": "Bert", "Frederick": "Fred",
    "Henry": "Harry", "Charles": "Charlie", "Timothy": "Tim", "Alexandru": "Alex", "Oluwaseun": "Seun", "Folasade": "Sade", "Olumide": "Mide",
    "Adekunle": "Kunle", "Ayodeji": "Deji", "Babajide": "Jide", "Chukwuemeka": "Emeka", "Ifeanyi": "Ify", "Titilope": "Titi", "Emmanuel": "Emma Manny",
    "Krzysztof": "Chris", "Katarzyna": "Kasia Kate", "Magdalena": "Magda", "Agnieszka": "Aga", "Tomasz": "Tom", "Piotr": "Peter",
}  # fmt: skip

# Spellings between which officers choose by ear.
BY_EAR = (
    "Mohammed Muhammad Mohamed Mohammad Muhammed Md", "Ahmed Ahmad Ahmet", "Hussain Hossain Hussein Husain", "Choudhury Chowdhury Chaudhry Choudhry Chaudhary",
    "Ayesha Aisha Aysha", "Fatima Fatema Fathima", "Akhter Akter Akhtar Aktar", "Khatun Khatoon", "Rahman Rehman", "Uddin Udin Ud-Din", "Miah Mia Meah",
    "Yusuf Yousuf Youssef", "Ibrahim Ebrahim", "Yasmin Yasmeen", "Nasrin Nasreen", "Parveen Parvin", "Haque Hoque Huq", "Mahmood Mahmud Mehmood", "Sheikh Shaikh",
    "Qureshi Quraishi", "Stephen Steven", "Catherine Katherine Kathryn", "Sarah Sara", "Rachel Rachael", "Philip Phillip", "Clarke Clark", "Philips Phillips",
    "Davies Davis", "Thompson Thomson", "Reid Reed Read", "Nicola Nichola", "Hannah Hanna", "Karen Karin", "Joanne Joan", "Ali Aly", "Syed Sayed Said",
    "Mariam Maryam Miriam", "Zara Zahra", "Sesay Sessay", "Jalloh Diallo Jallow", "Kamara Camara", "Adeyemi Adeyemy", "Okafor Okafo", "Wisniewski Wisnewski",
    "Kowalski Kovalski", "Georgi Georghi", "Nguyen Nguen", "Singh Sing", "Kaur Kour", "Islam Eslam", "Begum Begom",
)  # fmt: skip
EAR = {one: [other for other in group.split() if other != one] for group in BY_EAR for one in group.split()}

STREET_FIRST = _names(
    "Abbey Acacia Albert Alderman Alfred Arden Arnold Axe Bamford Barley Beam Becontree Bell Bennetts Blake Boundary Bramley Bridge Burnside Cannington "
    "Canterbury Castle Cedar Chelmer Chestnut Church Clayton Coventry Cromwell Dagmar Digby Dovers Downing Durham Eastbrook Elm Essex Faircross Fanshaw "
    "Fern Field Fuller Gale Gascoigne Glebe Goresbrook Grafton Green Halbutt Hardie Harrow Heath Hedgemans Holgate Ilchester Ivy Keir Kent King Lambourne "
    "Lawn Levett Lindsey Lodge Longbridge Lynnett Manor Marlborough Martin Mayes Meadow Mill Monteagle Morley Neville Norfolk Northbury Oak Orchard Oval "
    "Park Parsloes Pembroke Porters Queen Raydons Review Ripple Rose Rush Salisbury Sandringham School Shafter Stamford Suffolk Tanner Thames Tolworth "
    "Upney Valence Vicarage Victoria Waldegrave Warren Water Wedderburn Westrow Whalebone Wilfred Windsor Wood Woodward York"
)
STREET_LAST = _names("Road Street Avenue Close Gardens Lane Way Drive Crescent Court Grove Place")
SHORT = {
    "Road": "Rd",
    "Street": "St",
    "Avenue": "Ave",
    "Close": "Cl",
    "Gardens": "Gdns",
    "Lane": "Ln",
    "Drive": "Dr",
    "Crescent": "Cres",
    "Court": "Ct",
}
