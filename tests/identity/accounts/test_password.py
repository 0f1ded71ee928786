"""Passwords that are guessed first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.accounts.password import normalized, weakness

EMAIL = "sara.omar@example.com"


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("qwertyuiop12", "is among the most used ones"),
        ("Password1234", "is among the most used ones"),
        ("2024!sunflower!", "is among the most used ones"),
        ("monkeymonkey", "is among the most used ones"),
        ("Dragon77Dragon77", "is among the most used ones"),
        ("aaaaaaaaaaaa", "has too few different characters"),
        ("abababababab", "has too few different characters"),
        ("890123456789", "is a run of neighbouring characters"),
        ("mlkjihgfedcba", "is a run of neighbouring characters"),
        ("abcdefabcdef", "is a run of neighbouring characters"),
        ("i am Sara.Omar 7", "contains the name in the address"),
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password: str, problem: str) -> None:
    assert weakness(password, EMAIL) == problem


@pytest.mark.parametrize(
    "password", ["correct horse battery staple", "salmon-kettle-42", "قهوة الصباح في الرياض", "7391 0462 8815"]
)
def test_other_passwords_will_do(password: str) -> None:
    assert weakness(password, EMAIL) is None


def test_a_name_of_three_letters_may_stand_in_a_password() -> None:
    assert weakness("a jolly good kettle", "jol@example.com") is None


def test_two_spellings_of_the_same_letters_are_one_password() -> None:
    assert normalized("cafe\u0301 kettle") == normalized("caf\u00e9 kettle")


@given(st.text(min_size=12, max_size=256), st.emails())
def test_any_text_gets_a_verdict_that_never_quotes_it(password: str, email: str) -> None:
    problem = weakness(password, email)

    assert problem is None or password not in problem
