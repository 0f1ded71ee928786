"""What an operator reads on the screen, from what the processes log."""

from laptop.words import in_words

RESERVED = {
    "event": "order reserved",
    "store": "Riyadh",
    "order": "#1047",
    "lines": 3,
    "total_minor_units": 41200,
    "currency": "SAR",
    "milliseconds": 61,
}


def test_a_reserved_order_is_one_line_with_its_store_lines_total_and_time() -> None:
    assert in_words(RESERVED) == "Riyadh #1047 3 lines SAR 412.00 RESERVED in 61 ms"


def test_three_decimals_and_none_are_shown_as_the_currency_has_them() -> None:
    assert in_words(RESERVED | {"currency": "KWD", "total_minor_units": 4125, "lines": 1}) == (
        "Riyadh #1047 1 line KWD 4.125 RESERVED in 61 ms"
    )
    assert in_words(RESERVED | {"event": "order short", "currency": "JPY"}) == (
        "Riyadh #1047 3 lines JPY 41,200 SHORT in 61 ms"
    )


def test_a_repeat_a_late_copy_and_a_forgery_are_said_in_words() -> None:
    assert in_words({"event": "older snapshot ignored", "order": "#1046"}) == "older copy of #1046 ignored"
    assert in_words({"event": "signature refused"}) == "forged signature refused, nothing stored"
    sent = {"event": "delivery sent", "shop": "riyadh", "order": "#1", "status": 200}
    assert in_words(sent) is None
    assert in_words(sent | {"fault": "repeat"}) == "riyadh sent #1 again: repeat, answered 200"


def test_what_concerns_only_the_log_is_not_shown() -> None:
    assert in_words({"event": "rpc answered"}) is None
    assert in_words({}) is None
