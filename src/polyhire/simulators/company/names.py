"""The words the company is made of. Everybody in it is invented."""

from typing import Literal

FIRST = (
    "Ada", "Bruno", "Chloé", "Dmitri", "Elif", "Femi", "Gwen", "Håkon", "Ines", "Jamal", "Kaya", "Łucja",
    "Mateo", "Nadia", "Oskar", "Priya", "Quinn", "Rosa", "Sanjay", "Tove", "Uma", "Viktor", "Wren",
    "Ximena", "Yusuf", "Zoë", "Anaïs", "Björn", "Catalina", "Declan", "Esther", "Farah", "Goran", "Hana",
    "Ivo", "Jun", "Katarzyna", "Lars", "Mercy", "Noah", "Olga", "Pádraig", "Rania", "Søren", "Thảo",
    "Umberto", "Violeta", "Wanjiru", "Yara", "Žofia",
)  # fmt: skip
LAST = (
    "Abara", "Bianchi", "Castellanos", "Delacroix", "Ekström", "Fernández", "Grünwald", "Haddad",
    "Ibarra", "Jensen", "Kowalczyk", "Lindqvist", "Moreau", "Nakagawa", "O'Sullivan", "Petrović",
    "Quiroga", "Rahman", "Sørensen", "Tanaka", "Uzun", "Van der Berg", "Wójcik", "Xu", "Yıldız",
    "Zimmermann", "Achterberg", "Brânză", "Csizmár", "Dvořáková", "Eriksen", "Faraday-Moss", "Gallagher",
    "Hernandez", "Ito", "Jovanović", "Kaplan", "Lê", "Mbeki", "Núñez", "Okafor", "Patel", "Reyes",
    "Silva", "Thorne", "Underwood", "Vasquez", "Whitlock", "Young", "Zhang",
)  # fmt: skip
UNUSUAL = (
    ("李", "娜"), ("さくら", "山本"), ("Анна", "Кузнецова"), ("محمد", "الهاشمي"), ("Renée-Maude 🌱", "D’Arcy"),
)  # fmt: skip
EMPLOYERS = (
    "Northwind Freight", "Blue Heron Labs", "Tessellate", "Marram & Daughters",
    "Ostrava Tools", "Lumen Dairy", "Quayside Insurance", "Peat & Peel", "Fjordkraft Digital",
    "Casa Ceibo", "Halcyon Rail", "Brightwater Clinic",
)  # fmt: skip
DEPARTMENTS = (
    ("Engineering", None), ("Platform", "Engineering"), ("Product Engineering", "Engineering"),
    ("Data", "Engineering"), ("Product", None), ("Design", "Product"), ("Commercial", None),
    ("Sales", "Commercial"), ("Customer Success", "Commercial"), ("Marketing", "Commercial"),
    ("People & Culture", None), ("Finance", None),
)  # fmt: skip
OFFICES = (
    ("Lisbon", "Rua do Alecrim 26", "Lisbon", "Lisboa", "1200-018", "Portugal", "PT", "Europe/Lisbon"),
    ("Austin", "301 Congress Ave", "Austin", "Texas", "78701", "United States", "US", "America/Chicago"),
    ("Kraków", "ul. Długa 14", "Kraków", "Małopolskie", "31-146", "Poland", "PL", "Europe/Warsaw"),
    ("Nairobi", None, "Nairobi", None, None, "Kenya", "KE", "Africa/Nairobi"),
    ("Ōsaka", "1-1 Umeda, Kita-ku", "Osaka", "Ōsaka", "530-0001", "Japan", "JP", "Asia/Tokyo"),
)  # fmt: skip
TITLES = (
    ("Backend Engineer", "Platform"), ("Frontend Engineer", "Product Engineering"),
    ("Site Reliability Engineer", "Platform"), ("Data Analyst", "Data"),
    ("Machine Learning Engineer", "Data"), ("Engineering Manager", "Engineering"),
    ("Product Manager", "Product"), ("Product Designer", "Design"), ("UX Researcher", "Design"),
    ("Account Executive", "Sales"), ("Sales Development Representative", "Sales"),
    ("Customer Success Manager", "Customer Success"), ("Support Specialist", "Customer Success"),
    ("Content Marketer", "Marketing"), ("Recruiter", "People & Culture"),
    ("Payroll Accountant", "Finance"), ("Mobile Engineer", "Product Engineering"),
    ("Security Engineer", "Platform"), ("Office Coordinator", None), ("Head of Finance", "Finance"),
)  # fmt: skip
LEVELS = ("", "Senior ", "Junior ", "Lead ")
SOURCES: tuple[
    tuple[str, Literal["job_board", "referral", "agency", "career_site", "prospecting"]], ...
] = (
    ("Careers page", "career_site"), ("LinkedIn", "job_board"), ("Indeed", "job_board"),
    ("Referral", "referral"), ("Talentwave Agency", "agency"), ("Sourced by us", "prospecting"),
    ("University fair", "prospecting"),
)  # fmt: skip
REJECT_REASONS: tuple[tuple[str, Literal["company", "candidate", "nobody"]], ...] = (
    ("Lacking skill(s) or qualification(s)", "company"), ("Overqualified", "company"),
    ("Hired another candidate", "company"), ("Position closed", "company"), ("Withdrew", "candidate"),
    ("Accepted another offer", "candidate"), ("Salary expectations", "candidate"), ("Other", "nobody"),
)  # fmt: skip
TAGS = ("python", "remote", "referral", "silver medallist", "relocation", "intern 2025", "C++ & Rust", "été")
STAGES: tuple[tuple[str, Literal["review", "screen", "interview", "offer"]], ...] = (
    ("Application Review", "review"), ("Phone Screen", "screen"), ("Take-home Test", "screen"),
    ("Technical Interview", "interview"), ("Onsite", "interview"), ("Offer", "offer"),
)  # fmt: skip
QUESTIONS = (
    ("First name", "short_text", True, False, ()), ("Resume", "file", True, False, ()),
    ("Why do you want to work with us?", "long_text", False, False, ()),
    ("Are you allowed to work in this country?", "yes_no", True, True, ()),
    ("How did you hear of us?", "one_of", False, False, ("A friend", "A job board", "Other")),
    ("Which languages do you speak?", "many_of", False, False, ("English", "Français", "日本語", "Polski")),
)  # fmt: skip
NOTES = (
    "Spoke on the phone, very keen.", "Asked for part-time hours.",
    "Strong portfolio; see the second project.",
    "Reference says: \"would hire again\" <b>without doubt</b>.", "Prefers mornings — time zone!",
    "Notice: 3 months.",
)  # fmt: skip
SUBJECTS = ("Your application", "Time for a call?", "Next steps", "Re: documents")
GENDERS = ("Female", "Male", "Decline To Self Identify", None)
RACES = ("Asian", "Black or African American", "Hispanic or Latino", "White", "Two or More Races", None)
VETERAN = ("I am not a protected veteran", "I identify as one or more of the classifications", None)
DISABILITY = ("No, I don't have a disability", "Yes, I have a disability", "I don't wish to answer", None)
ATTRIBUTES = ("Communication", "Craft", "Curiosity")
