"""Single values of any wrong type."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from polyhire.model import scalars


@pytest.mark.parametrize(
    ("convert", "given_value", "expected"),
    [
        (scalars.as_text, "x", "x"),
        (scalars.as_text, " x ", " x "),
        (scalars.as_text, "", None),
        (scalars.as_text, 5, "5"),
        (scalars.as_text, 5.0, "5"),
        (scalars.as_text, 5.25, "5.25"),
        (scalars.as_text, 1e300, "1e+300"),
        (scalars.as_text, True, "true"),
        (scalars.as_text, False, "false"),
        (scalars.as_text, {"a": "b"}, None),
        (scalars.as_text, [None, "", {}, "b", "c"], "b"),
        (scalars.as_text, [], None),
        (scalars.as_text, float("nan"), None),
        (scalars.as_trimmed_text, "  Female \n", "Female"),
        (scalars.as_trimmed_text, "   ", None),
        (scalars.as_trimmed_text, None, None),
        (scalars.as_joined_text, ["a", None, 2, {}, ["x"]], "a, 2"),
        (scalars.as_joined_text, [], None),
        (scalars.as_joined_text, "a", "a"),
        (scalars.as_id, 5, "5"),
        (scalars.as_id, 5.0, "5"),
        (scalars.as_id, "a-b", "a-b"),
        (scalars.as_id, "", None),
        (scalars.as_id, True, None),
        (scalars.as_id, {"id": 5}, None),
        (scalars.as_id, [True, 5], "5"),
        (scalars.as_boolean, True, True),
        (scalars.as_boolean, "Yes", True),
        (scalars.as_boolean, "true", True),
        (scalars.as_boolean, 1, True),
        (scalars.as_boolean, 0, False),
        (scalars.as_boolean, "no", False),
        (scalars.as_boolean, "FALSE", False),
        (scalars.as_boolean, 2, None),
        (scalars.as_boolean, "maybe", None),
        (scalars.as_boolean, {}, None),
        (scalars.as_boolean_text, True, "true"),
        (scalars.as_boolean_text, "no", "false"),
        (scalars.as_boolean_text, "maybe", None),
        (scalars.as_number, 5, 5),
        (scalars.as_number, "120000", 120000),
        (scalars.as_number, " 12.50 ", 12.5),
        (scalars.as_number, "-1e3", -1000.0),
        (scalars.as_number, "120,000", None),
        (scalars.as_number, "1_000", None),
        (scalars.as_number, "1e999", None),
        (scalars.as_number, "9" * 5000, None),
        (scalars.as_number, True, None),
        (scalars.as_number, float("inf"), None),
        (scalars.as_number, 2**70, None),
        (scalars.as_number, ["x", "7"], 7),
        (scalars.as_integer, "3", 3),
        (scalars.as_integer, 3.0, 3),
        (scalars.as_integer, 3.5, None),
        (scalars.as_integer, 1e30, None),
        (scalars.as_currency, "usd", "USD"),
        (scalars.as_currency, "$", None),
        (scalars.as_currency, None, None),
        (scalars.as_enum, "Offer Sent", "offer_sent"),
        (scalars.as_enum, "InProgress", "in_progress"),
        (scalars.as_enum, "full-time", "full_time"),
        (scalars.as_enum, "HTTPServer", "http_server"),
        (scalars.as_enum, "Didn't answer", "didnt_answer"),
        (scalars.as_enum, "Größe XL", "größe_xl"),
        (scalars.as_enum, 3, "3"),
        (scalars.as_enum, " ??? ", "???"),
        (scalars.as_enum, "  ", None),
        (scalars.as_enum, {}, None),
    ],
)
def test_a_value_becomes_what_a_field_holds(convert: Callable[[Any], Any], given_value: Any, expected: Any) -> None:
    """Each conversion gives the right type, or None."""
    converted = convert(given_value)
    assert converted == expected
    assert type(converted) is type(expected)


@given(some.text())
def test_a_word_in_snake_case_stays_so(text: str) -> None:
    """Snake case is a fixed point, and only blanks are lost altogether."""
    word = scalars.snake_case(text)
    assert scalars.snake_case(word) == word or not word.isascii()
    assert bool(word) == bool(text.strip())


def test_a_number_too_long_to_write_is_none() -> None:
    """An integer of thousands of digits is no text, and raises nothing."""
    assert scalars.as_text(10**5000) is None
    assert scalars.as_number(10**5000) is None
