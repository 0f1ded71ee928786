"""What a shop sells."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Price = Annotated[Decimal, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class Product(BaseModel):
    """A product with one variant. Its price includes tax; one of popularity 9 is bought nine times as often."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sku: str = Field(min_length=1, max_length=255)
    title: str = Field(min_length=1, max_length=255)
    price: Price
    grams: int = Field(default=400, ge=0, le=1_000_000)
    popularity: int = Field(default=1, ge=1, le=1_000)
