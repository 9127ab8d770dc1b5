"""The algebra of units: products, quotients, spellings that are equal, units that are kin."""

import re
from dataclasses import dataclass

from guanshu.survey.definition.model import UnitRules

# A unit as sorted (symbol, exponent) pairs: 人次/日 is (("人次", 1), ("天", -1)) where 日 = 天. () is a bare number.
Unit = tuple[tuple[str, int], ...]
BARE: Unit = ()
PERCENT = "%"


@dataclass(frozen=True)
class Units:
    """The units of one questionnaire."""

    rules: UnitRules

    def read(self, text: str) -> Unit:
        """Return the unit written as `text`, aliases replaced. This function will read "" as bare. Raises nothing."""
        powers: dict[str, int] = {}
        for index, part in enumerate(text.strip().split("/")):
            for symbol in filter(None, re.split(r"[·×*]", part.strip())):
                name = self._name(symbol.strip())
                powers[name] = powers.get(name, 0) + (-1 if index else 1)
        return _sorted(powers)

    def _name(self, symbol: str) -> str:
        seen = {symbol}
        while (target := self.rules.alias.get(symbol)) is not None and target not in seen:
            seen.add(target)
            symbol = target
        return symbol

    def same(self, left: Unit | None, right: Unit | None) -> bool:
        """Return whether two numbers may be compared or added.

        This function will let None (a literal) go with everything, and kin units with each other. Raises nothing.
        """
        if left is None or right is None or left == right:
            return True
        rest = quotient(left, right)
        if len(rest) != 2 or rest[0][1] + rest[1][1] != 0:
            return False
        return frozenset({rest[0][0], rest[1][0]}) in self.rules.kin


def product(left: Unit | None, right: Unit | None) -> Unit | None:
    """Return the unit of a product. This function will let a literal (None) or a percentage leave it as it is."""
    if left is None or right is None:
        return right if left is None else left
    powers = dict(left)
    for symbol, power in right:
        powers[symbol] = powers.get(symbol, 0) + power
    if len(powers) > 1:
        powers.pop(PERCENT, None)
    return _sorted(powers)


def quotient(left: Unit | None, right: Unit | None) -> Unit:
    """Return the unit of a quotient; a literal counts as a bare number. Raises nothing."""
    powers = dict(left or BARE)
    for symbol, power in right or BARE:
        powers[symbol] = powers.get(symbol, 0) - power
    return _sorted(powers)


def spell(unit: Unit | None) -> str:
    """Return a unit as people write it. This function will call a bare number 无单位. Raises nothing."""
    if not unit:
        return "无单位"
    above = "·".join(symbol for symbol, power in unit for _ in range(power)) or "1"
    below = "".join(f"/{symbol}" for symbol, power in unit for _ in range(-power))
    return above + below


def _sorted(powers: dict[str, int]) -> Unit:
    return tuple(sorted((symbol, power) for symbol, power in powers.items() if power))
