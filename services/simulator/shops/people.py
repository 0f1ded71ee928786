"""Buyers and where they live: invented people of Saudi Arabia, their names in Arabic. Pure."""

from typing import NamedTuple


class Person(NamedTuple):
    """A buyer; `login` is what stands before @example.com."""

    first_name: str
    last_name: str
    login: str


class Place(NamedTuple):
    """A street and its city. Saudi addresses have no province."""

    street: str
    city: str
    zip: str


PEOPLE = (
    Person("نورة", "القحطاني", "noura"),
    Person("محمد", "الغامدي", "mohammed"),
    Person("سارة", "العتيبي", "sarah"),
    Person("عبدالله", "الدوسري", "abdullah"),
    Person("فاطمة", "الزهراني", "fatimah"),
    Person("خالد", "الشمري", "khalid"),
    Person("ريم", "الحربي", "reem"),
    Person("فيصل", "المطيري", "faisal"),
    Person("هند", "الشهري", "hind"),
    Person("سلطان", "العنزي", "sultan"),
    Person("لمى", "السبيعي", "lama"),
    Person("عمر", "بن سعيد", "omar"),
)
PLACES = (
    Place("طريق الملك فهد 12", "الرياض", "12271"),
    Place("شارع التحلية 48", "جدة", "23326"),
    Place("طريق إبراهيم الخليل 7", "مكة المكرمة", "24231"),
    Place("شارع سلطانة 31", "المدينة المنورة", "42313"),
    Place("شارع الأمير محمد بن فهد 90", "الدمام", "32241"),
    Place("طريق الملك عبدالعزيز 5", "الخبر", "34427"),
    Place("شارع العروبة 22", "بريدة", "52361"),
    Place("طريق الملك خالد 64", "أبها", "62521"),
    Place("شارع الستين 18", "الطائف", "26522"),
    Place("شارع الأمير فهد بن سلطان 3", "تبوك", "47311"),
)


def email(person: Person) -> str:
    """Where nobody reads."""
    return f"{person.login}@example.com"


def phone(person: Person) -> str:
    """An invented number."""
    return f"+9665000000{PEOPLE.index(person):02}"
