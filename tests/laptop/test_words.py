"""What an operator reads on the screen, from what the processes log."""

from laptop.words import in_words

RESERVED = {
    "event": "order reserved",
    "store": "Riyadh",
    "order": "#1047",
    "lines": 3,
    "total": "412.00",
    "currency": "SAR",
    "milliseconds": 61,
}


def test_a_reserved_order_is_one_line_with_its_store_lines_total_and_time() -> None:
    assert in_words(RESERVED) == "Riyadh #1047 3 lines SAR 412.00 RESERVED in 61 ms"


def test_totals_keep_their_decimals_and_their_thousands_are_set_apart() -> None:
    assert in_words(RESERVED | {"currency": "KWD", "total": "4.120", "lines": 1}) == (
        "Riyadh #1047 1 line KWD 4.120 RESERVED in 61 ms"
    )
    assert in_words(RESERVED | {"event": "order short", "currency": "JPY", "total": "41200"}) == (
        "Riyadh #1047 3 lines JPY 41,200 SHORT in 61 ms"
    )


def test_a_repeat_a_late_copy_and_a_forgery_are_said_in_words() -> None:
    assert in_words({"event": "older snapshot ignored", "order": "#1046"}) == "older copy of #1046 ignored"
    assert in_words({"event": "signature refused"}) == "forged signature refused, nothing stored"
    sent = {"event": "delivery sent", "shop": "riyadh", "order": "#1", "status": 200}
    assert in_words(sent) is None
    assert in_words(sent | {"fault": "repeat"}) == "riyadh sent #1 once more: answered 200"
    assert in_words(sent | {"fault": "forged", "status": 401}) == "somebody forged #1 of riyadh: answered 401"


def test_a_delivery_that_nobody_took_is_said() -> None:
    sent = {"event": "delivery sent", "shop": "riyadh", "order": "#1"}
    assert in_words(sent | {"status": 503}) == "riyadh sent #1: answered 503"
    assert in_words(sent | {"status": "no connection"}) == "riyadh sent #1: no connection"
    assert in_words(sent | {"event": "delivery given up"}) == "riyadh gave up sending #1: nobody took it"


def test_what_concerns_only_the_log_is_not_shown() -> None:
    assert in_words({"event": "rpc answered"}) is None
    assert in_words({}) is None
