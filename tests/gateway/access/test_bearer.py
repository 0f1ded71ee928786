import pytest

from chassis.errors import NotAuthenticated
from gateway.access.bearer import LONGEST_TOKEN, bearer_token


def test_the_token_is_what_stands_behind_bearer() -> None:
    assert bearer_token(b"Bearer eyJ.eyK.sig-_9") == "eyJ.eyK.sig-_9"
    assert bearer_token(b"bearer  eyJ.eyK.sig ") == "eyJ.eyK.sig"


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"Bearer",
        b"Bearer ",
        b"Basic YTpi",
        b"eyJ.eyK.sig",
        b"Bearer eyJ.eyK",
        b"Bearer a.b.c.d",
        b"Bearer a.b.c d",
        b"Bearer a.b.\xff",
        b"Bearer " + b"a" * LONGEST_TOKEN + b".b.c",
    ],
)
def test_what_is_no_token_is_not_asked_about(header: bytes) -> None:
    with pytest.raises(NotAuthenticated) as refused:
        bearer_token(header)
    assert "eyJ" not in refused.value.message
