"""In what order reports wait to be reviewed, and one sentence each that says why a report stands where it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from guanshu.portal.queries.effects import Effect
from guanshu.portal.queries.signs import Signs

# Smaller shares and changes are no reason to look at a report first.
_TELLING_SHARE = 0.05
_TELLING_CHANGE = 50
_MOST_REASONS = 3


class Sort(Enum):
    """What the queue goes by; `label` is the words of the control."""

    DUE = "due"
    EFFECT = "effect"
    WORDS = "words"
    WAIT = "wait"

    @property
    def label(self) -> str:
        """Return the words of the control."""
        return _LABELS[self]


_LABELS = {
    Sort.DUE: "审核期限",
    Sort.EFFECT: "对全省合计的影响",
    Sort.WORDS: "说明质量",
    Sort.WAIT: "等待时间",
}


@dataclass(frozen=True, slots=True)
class Weight:
    """What one report is ranked by. `due` is when it should be reviewed or come back, `unseen` how many cells differ
    from what the province looked at last, `moved` the label of the figure that moved most since last year."""

    due: date | None = None
    since: datetime | None = None
    waits: int | None = None
    effect: Effect | None = None
    signs: Signs | None = None
    unseen: int = 0
    moved: str = ""

    @property
    def share(self) -> float:
        """Return the share of the provincial total, 0 where it is none to speak of."""
        return self.effect.share if self.effect else 0.0

    @property
    def thin(self) -> int:
        """Return how many findings are explained thinly."""
        return len(self.signs.thin) if self.signs else 0

    @property
    def asked(self) -> int:
        """Return how many findings had to be explained."""
        return self.signs.asked if self.signs else 0

    @property
    def change(self) -> Decimal:
        """Return the change in percent of the figure that moved most since last year."""
        moved = self.signs.moved if self.signs else None
        return (moved.percent if moved else None) or Decimal(0)


def rank(weight: Weight, sort: Sort) -> tuple[object, ...]:
    """Return what to sort by; what is equal goes by how long it has waited."""
    since = weight.since.timestamp() if weight.since else 0.0
    by: Mapping[Sort, tuple[object, ...]] = {
        Sort.DUE: (weight.due or date.max, -round(weight.share, 2)),
        Sort.EFFECT: (-weight.share, -abs(weight.change)),
        Sort.WORDS: (-weight.thin, -weight.asked),
        Sort.WAIT: (),
    }
    return (*by[sort], since)


def why(weight: Weight, sort: Sort, today: date) -> str:
    """Return why a waiting report stands where it does: first what the list goes by, then what else is telling."""
    lead = _LEADS[sort](weight, today)
    others = (_unseen(weight), _effect(weight), _words(weight), _moved(weight), _late(weight, today))
    found = list(dict.fromkeys(text for text in (lead, *others) if text))
    return "；".join(found[:_MOST_REASONS]) + "。"


def _due(weight: Weight, today: date) -> str:
    if weight.due is None:
        return ""
    if weight.due == today:
        return "今天应审完"
    return _late(weight, today) or f"应在 {weight.due:%m-%d} 前审完"


def _late(weight: Weight, today: date) -> str:
    return f"应在 {weight.due:%m-%d} 前审完，已过期" if weight.due is not None and today > weight.due else ""


def _effect(weight: Weight) -> str:
    effect = weight.effect
    return f"{effect.label}占全省已报的 {effect.percent}" if effect and effect.share >= _TELLING_SHARE else ""


def _words(weight: Weight) -> str:
    return f"{weight.asked} 条核实说明中 {weight.thin} 条过于简单" if weight.thin else ""


def _moved(weight: Weight) -> str:
    change = weight.change
    if abs(change) < _TELLING_CHANGE:
        return ""
    return f"{weight.moved}比上年{'增加' if change > 0 else '减少'} {abs(change):,.0f} %"


def _unseen(weight: Weight) -> str:
    return f"退回后重报，有 {weight.unseen} 处变动" if weight.unseen else ""


_LEADS: Mapping[Sort, Callable[[Weight, date], str]] = {
    Sort.DUE: _due,
    Sort.EFFECT: lambda weight, _today: _effect(weight) or "对全省合计影响较小",
    Sort.WORDS: lambda weight, _today: (
        _words(weight) or (f"{weight.asked} 条核实说明均已写明" if weight.asked else "没有需要说明的问题")
    ),
    Sort.WAIT: lambda weight, _today: f"已等待 {weight.waits or 0} 个工作日",
}
