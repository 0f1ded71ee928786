"""What never appears in a log (trap 7): canaries of every kind, in every place that a line has."""

from dataclasses import dataclass
from typing import Any

import jwt
import pytest

from chassis.keys import new_private_key
from chassis.telemetry.logs import conceal, get_logger
from chassis.telemetry.redaction import LONGEST_TEXT, Redaction
from rappit.gateway.v1.events_pb2 import WebhookReceived
from rappit.identity.v1.sessions_pb2 import SessionTokens, SignInRequest
from rappit.orders.v1.stores_pb2 import ResolveStoreResponse
from tests.given.log_lines import LogLines

CANARY = "Kanarie-9317-vogel"
TOKEN = jwt.encode({"sub": "omar"}, CANARY * 3)


@dataclass
class Credentials:
    """Something that shows itself."""

    password: str


@pytest.mark.parametrize(
    "fields",
    [
        {"password": CANARY},
        {"refresh_token": CANARY},
        {"webhook_secret": CANARY},
        {"Authorization": CANARY},
        {"x-shopify-hmac-sha256": CANARY},
        {"consumer_secret": CANARY.encode()},
        {"api_key": CANARY},
        {"apiKey": CANARY},
        {"body": CANARY},
        {"email": CANARY},
        {"consignee": CANARY},
        {"settings": {"database_url": CANARY}},
        {"headers": [{"cookie": CANARY}]},
        {"deep": {"a": {"b": {"c": {"d": {"e": {"f": {"g": CANARY}}}}}}}},
        {"to": f"postgresql://orders:{CANARY}@db:5432/orders"},
        {"why": f"user=orders password={CANARY} host=db"},
        {"why": f'{{"client_secret": "{CANARY}", "a": 1}}'},
        {"why": f"token='{CANARY}'"},
        {"sent": f"Bearer {CANARY}"},
        {"sent": {"text": f"authorization: basic {CANARY}"}},
        {"row": f"DETAIL:  Key (name)=({CANARY}) already exists."},
        {"row": f"DETAIL:  Failing row contains (1, {CANARY}\n, {CANARY})."},
        {"raw": CANARY.encode()},
        {"shown": [Credentials(CANARY)]},
        {"request": SignInRequest(email="a@b.c", password=CANARY)},
        {"answer": SessionTokens(access_token=CANARY, refresh_token=CANARY)},
        {"store": [ResolveStoreResponse(webhook_secrets=[CANARY])]},
        {"delivery": {"event": WebhookReceived(body=CANARY.encode())}},
        {f"password={CANARY}": 1},
    ],
)
def test_a_secret_is_in_no_field(log_lines: LogLines, fields: dict[str, Any]) -> None:
    """Trap 7."""
    get_logger().error("canary", **fields)

    assert len(log_lines.of("canary")) == 1
    assert "9317" not in log_lines.text


@pytest.mark.parametrize(
    "text",
    [
        f"the token {TOKEN} is expired",
        f"key:\n{new_private_key().decode()}",
        "1 validation error: input_value='9317', input_type=str",
        "$argon2id$v=19$m=65536,t=3,p=4$9317$9317",
        "please write to omar9317@example.com soon",
        "COPY items, line 3: CONTEXT:  COPY items, line 3, column name: 9317",
    ],
)
def test_what_looks_like_a_secret_is_in_no_text(log_lines: LogLines, text: str) -> None:
    """Trap 7. Nor in the text of an exception, nor in what the exception came from."""
    try:
        try:
            raise ValueError(text)
        except ValueError as inner:
            raise RuntimeError(f"it went wrong: {text}") from inner
    except RuntimeError:
        get_logger().exception(f"so: {text}", why=text)

    (secret,) = [word for word in (TOKEN[20:40], text.splitlines()[1] if "\n" in text else "9317") if word in text][:1]
    assert secret not in log_lines.text
    assert "RuntimeError" in log_lines.text


def test_after_the_row_of_a_message_the_traceback_goes_on() -> None:
    text = Redaction().text(
        "psycopg.errors.UniqueViolation: duplicate key\nDETAIL:  Key (email)=(x) already exists.\n\n"
        "During handling of the above exception, another exception occurred:\nKeyError: 'a'"
    )

    assert text.endswith("KeyError: 'a'")
    assert "duplicate key" in text
    assert "already exists" not in text


def test_what_the_process_was_started_with_is_hidden_wherever_it_stands(log_lines: LogLines) -> None:
    """Trap 7."""
    conceal(CANARY)
    get_logger().info("a line", where=f"in the {CANARY}middle", deep=[{"a": (CANARY,)}])

    assert CANARY not in log_lines.text


def test_the_rest_stays_readable(log_lines: LogLines) -> None:
    facts = {
        "store_id": "0192",
        "count": 3,
        "share": 0.5,
        "done": True,
        "none": None,
        "url": "https://shop.example.com/orders/7?page=2",
        "topics": ["orders/create", "orders/edited"],
        "problem": "the permission items.read is missing",
    }
    get_logger().info("readable", **facts)

    (line,) = log_lines.of("readable")
    assert {name: line[name] for name in facts} == facts


def test_a_long_text_keeps_both_ends() -> None:
    text = Redaction().text("begins" + "-" * 100_000 + "ends")

    assert len(text) < LONGEST_TEXT + 100
    assert text.startswith("begins")
    assert text.endswith("ends")
