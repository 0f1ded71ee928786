"""What the demo's organisations have on the shelf and what their stores sell. Pure."""

from decimal import Decimal
from typing import NamedTuple


class Shelf(NamedTuple):
    """Units of an item in one warehouse: what is there at first; more come when `low` or fewer are available. With a
    `low` below 0 none ever come.
    """

    full: int
    low: int


class Item(NamedTuple):
    """An item: its price in riyals, tax included; how much more often than others it is bought; a shelf in each of the
    organisation's warehouses, the default one first.
    """

    sku: str
    name: str
    price: str
    shelves: tuple[Shelf, ...]
    popularity: int = 1

    def price_in(self, currency: str) -> str:
        """With all decimals that the currency has."""
        rate, smallest = _PER_RIYAL[currency]
        return f"{(Decimal(self.price) * rate).quantize(smallest):f}"


_PER_RIYAL = {"SAR": (Decimal(1), Decimal("0.01")), "KWD": (Decimal("0.0819"), Decimal("0.001"))}

_PLENTY = (Shelf(60, 20), Shelf(30, 10))
# So few that orders are split, take the second warehouse, or wait until goods come.
_FEW = (Shelf(4, 2), Shelf(2, 0))
_HOT = (Shelf(120, 50), Shelf(60, 25))

ITEMS = (
    Item("DATES-AJWA-1KG", "Ajwa dates, 1 kg · تمر عجوة 1 كجم", "75.00", _HOT, popularity=16),
    Item("DATES-SUKKARI-1KG", "Sukkari dates, 1 kg · تمر سكري 1 كجم", "38.00", _PLENTY),
    Item("DATES-MEDJOOL-500G", "Medjool dates, 500 g · تمر مجدول 500 جم", "42.50", _PLENTY),
    Item("MAAMOUL-BOX", "Box of maamoul · علبة معمول", "54.00", _PLENTY),
    Item("COFFEE-SAUDI-500G", "Saudi coffee, 500 g · قهوة سعودية 500 جم", "49.75", _PLENTY),
    Item("CARDAMOM-250G", "Cardamom, 250 g · هيل 250 جم", "62.00", _PLENTY),
    Item("SAFFRON-5G", "Saffron, 5 g · زعفران 5 جم", "96.50", _FEW),
    Item("ZAATAR-500G", "Zaatar, 500 g · زعتر 500 جم", "27.25", _PLENTY),
    Item("SIDR-HONEY-1KG", "Sidr honey, 1 kg · عسل سدر 1 كجم", "389.00", _FEW),
    Item("TALBINA-400G", "Talbina, 400 g · تلبينة 400 جم", "19.95", _PLENTY),
    Item("MUG-SAND", "Sand mug · كوب رملي", "59.00", _PLENTY),
    Item("MUG-INK", "Ink mug · كوب حبري", "59.00", _PLENTY),
    Item("DALLAH-BRASS", "Brass coffee pot · دلة نحاسية", "349.00", _FEW),
    Item("DALLAH-STEEL", "Steel coffee pot · دلة ستيل", "189.00", _PLENTY),
    Item("FINJAN-SET", "Six coffee cups · طقم فناجين", "129.00", _PLENTY),
    Item("ISTIKANA-SET", "Six tea glasses · طقم استكانات", "84.00", _PLENTY),
    Item("TRAY-COPPER", "Copper tray · صينية نحاس", "215.00", _FEW),
    Item("MABKHARA-WOOD", "Wooden incense burner · مبخرة خشبية", "99.00", _PLENTY),
    Item("MABKHARA-CERAMIC", "Ceramic incense burner · مبخرة سيراميك", "139.00", _PLENTY),
    Item("BAKHOOR-OUD", "Oud incense · بخور عود", "89.50", _PLENTY),
    Item("BAKHOOR-MISK", "Musk incense · بخور مسك", "72.00", _PLENTY),
    Item("OUD-OIL-3ML", "Oud oil, 3 ml · دهن عود 3 مل", "455.00", _FEW),
    Item("PERFUME-TAIF-ROSE", "Taif rose perfume · عطر ورد طائفي", "265.00", _PLENTY),
    Item("MISWAK-5", "Five miswak sticks · خمسة أعواد سواك", "12.35", _PLENTY),
    Item("KOHL-ITHMID", "Ithmid kohl · كحل إثمد", "24.00", _PLENTY),
    Item("HENNA-200G", "Henna, 200 g · حناء 200 جم", "18.50", _PLENTY),
    Item("PRAYER-RUG-BLUE", "Blue prayer rug · سجادة صلاة زرقاء", "145.00", _PLENTY),
    Item("PRAYER-RUG-TRAVEL", "Travel prayer rug · سجادة سفر", "39.00", _PLENTY),
    Item("MISBAHA-KUKA", "Kuka prayer beads · مسبحة كوك", "110.00", _FEW),
    Item("QURAN-STAND", "Quran stand · حامل مصحف", "68.00", _PLENTY),
    Item("SHEMAGH-RED", "Red shemagh · شماغ أحمر", "110.00", _PLENTY),
    Item("GHUTRA-WHITE", "White ghutra · غترة بيضاء", "85.00", _PLENTY),
    Item("AGAL-BLACK", "Black agal · عقال أسود", "55.00", _PLENTY),
    Item("THOBE-WHITE-58", "White thobe, 58 · ثوب أبيض 58", "175.00", _PLENTY),
    Item("BISHT-BROWN", "Brown bisht · بشت بني", "890.00", _FEW),
    Item("ABAYA-BLACK-M", "Black abaya, M · عباية سوداء", "245.00", _PLENTY),
    Item("SANDALS-NAJDI-42", "Najdi sandals, 42 · نعال نجدية 42", "160.00", _PLENTY),
    Item("SADU-CUSHION", "Sadu cushion · مخدة سدو", "92.00", _PLENTY),
    Item("LANTERN-RAMADAN", "Ramadan lantern · فانوس رمضان", "79.00", _PLENTY),
    Item("KITE-KIDS", "Children's kite · طائرة ورقية", "15.25", _FEW),
)

# For whoever walks through the README: the simulated shops do not sell it, so its numbers stand still.
WALK_ITEM = Item("MUG-WALK", "Walker's mug · كوب المشي", "59.00", (Shelf(5, -1),))

# The stores sell it, and nobody told RAPPIT of it: its lines stay unmapped.
UNKNOWN_ITEM = Item("GIFT-CARD-PAPER", "Paper greeting card · بطاقة معايدة ورقية", "9.00", ())
