"""Customers and addresses as Shopify writes them. Pure."""

from simulator.shopify.identifiers import Identifiers, gid
from simulator.shops.people import PEOPLE, Person, Place, email, phone
from simulator.shops.provider import Json


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
