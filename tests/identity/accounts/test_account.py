"""The id of the organisation that a sign-up makes."""

from identity.accounts.account import name_or_default, organization_of_sign_up


def test_a_repeat_of_a_sign_up_leads_to_the_same_organization_whatever_the_case_of_the_address() -> None:
    first = organization_of_sign_up("key-1", "Sara@Example.com")

    assert organization_of_sign_up("key-1", "sara@example.COM") == first


def test_another_key_or_address_leads_to_another_organization() -> None:
    first = organization_of_sign_up("key-1", "sara@example.com")

    assert organization_of_sign_up("key-2", "sara@example.com") != first
    assert organization_of_sign_up("key-1", "omar@example.com") != first


def test_without_a_name_a_person_is_called_as_in_the_address() -> None:
    assert name_or_default("", "Sara@example.com") == "Sara"
    assert name_or_default("سارة", "sara@example.com") == "سارة"
