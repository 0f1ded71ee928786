"""SKUs are compared without what people write differently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.mappings.sku import sku_key


@pytest.mark.parametrize("sku", ["TEE-RED L", "tee-red l", "  Tee-Red\u00a0 L\t", "ＴＥＥ-ＲＥＤ L"])
def test_case_form_and_space_play_no_part(sku: str) -> None:
    """Trap 14."""
    assert sku_key(sku) == "tee-red l"


@pytest.mark.parametrize("sku", ["TEE-REDL", "TEE RED L", "TEE-RED", "TEE-RED-L", "0TEE-RED L"])
def test_all_else_does(sku: str) -> None:
    assert sku_key(sku) != "tee-red l"


@given(st.text())
def test_a_key_is_its_own_key(sku: str) -> None:
    assert sku_key(sku_key(sku)) == sku_key(sku)


@given(st.text())
def test_upper_and_lower_case_have_one_key(sku: str) -> None:
    assert sku_key(sku.casefold()) == sku_key(sku)
