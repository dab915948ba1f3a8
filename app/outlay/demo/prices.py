"""Believable prices in any currency: made from euros at rates that are rough on purpose."""

from typing import Final

import msgspec

from outlay.money.rules import exponent

# Units of the currency for what costs a euro; a currency that is not here is taken for a euro.
_UNITS: Final = {
    3: "BYN GEL PEN TND LYD BAM BGN", 4: "AED ILS MYR PGK PLN QAR RON SAR", 6: "BRL BOB CNY XCD TTD TOP",
    8: "DKK GTQ HKD MOP SVC", 11: "MAD NOK SEK BWP SCR UYI GHS", 20: "MXN MDL MVR NAD SZL LSL ZAR TJS ZMW",
    25: "CZK HNL NIO STN SLE ERN", 40: "THB TWD TRY UAH UYU CUP MRU", 60: "EGP HTG MKD PHP GMD MZN DOP",
    90: "AFN INR NPR RUB KGS ALL BTN SOS VES", 120: "BDT RSD XPF VUV CVE JMD KES LRD ETB DZD",
    160: "JPY ISK AOA", 200: "DJF GYD SDG YER", 300: "LKR PKR", 450: "AMD HUF KMF KZT CRC",
    650: "XAF XOF", 1000: "CLP ARS KPW SSP", 1600: "KRW NGN IQD RWF MWK", 3000: "BIF MMK TZS CDF MNT",
    4500: "COP KHR MGA UGX", 9000: "GNF PYG", 15000: "SYP UZS", 18000: "IDR LAK", 28000: "VND",
    50000: "IRR LBP",
}  # fmt: skip
_RATES: Final = {code: units for units, codes in _UNITS.items() for code in codes.split()}
# Three dinars and the like are dear, and have three decimals.
_TENTHS: Final = {"BHD": 4, "KWD": 3, "OMR": 4, "JOD": 8, "GBP": 8, "GIP": 8, "FKP": 8, "SHP": 8}


class Prices(msgspec.Struct, frozen=True):
    """Minor units of a currency for ten euros, and the smallest amount that a shop would charge."""

    per_ten: int
    grain: int

    def minor(self, cents: int) -> int:
        """The price in minor units of what costs so many cents of a euro; at least one grain."""
        grains = (cents * self.per_ten + 500 * self.grain) // (1000 * self.grain)
        return max(grains, 1) * self.grain


def prices_in(currency: str) -> Prices:
    """Raises MoneyError for what is no currency."""
    per_ten = _TENTHS.get(currency, 10 * _RATES.get(currency, 1)) * 10 ** exponent(currency)
    # Where a euro is thousands of units, nobody charges single ones.
    grain = 1
    while grain * 10 * 500 <= per_ten:
        grain *= 10
    return Prices(per_ten, grain)
