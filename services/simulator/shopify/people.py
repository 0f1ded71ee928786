"""Buyers and where they live: invented people of Saudi Arabia, their names in Arabic. Pure."""

from typing import NamedTuple

from simulator.shopify.identifiers import Identifiers, gid
from simulator.shopify.money import Json


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


def address(person: Person, place: Place) -> Json:
    """A shipping or billing address."""
    return {
        "first_name": person.first_name,
        "address1": place.street,
        "phone": phone(person),
        "city": place.city,
        "zip": place.zip,
        "province": None,
        "country": "Saudi Arabia",
        "last_name": person.last_name,
        "address2": None,
        "company": None,
        "latitude": None,
        "longitude": None,
        "name": f"{person.first_name} {person.last_name}",
        "country_code": "SA",
        "province_code": None,
    }


def customer(ids: Identifiers, person: Person, place: Place, currency: str, time: str) -> Json:
    """A buyer whom the shop knows; the same person is the same customer each time."""
    identifier = ids.person(PEOPLE.index(person))
    home = address(person, place)
    known = {name: value for name, value in home.items() if name not in {"latitude", "longitude"}}
    return {
        "id": identifier,
        "email": email(person),
        "created_at": time,
        "updated_at": time,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "state": "disabled",
        "note": None,
        "verified_email": True,
        "multipass_identifier": None,
        "tax_exempt": False,
        "phone": None,
        "email_marketing_consent": {
            "state": "not_subscribed",
            "opt_in_level": "single_opt_in",
            "consent_updated_at": None,
        },
        "sms_marketing_consent": None,
        "tags": "",
        "currency": currency,
        "tax_exemptions": [],
        "admin_graphql_api_id": gid("Customer", identifier),
        "default_address": {
            "id": identifier + 1,
            "customer_id": identifier,
            **known,
            "country_name": "Saudi Arabia",
            "default": True,
        },
    }
