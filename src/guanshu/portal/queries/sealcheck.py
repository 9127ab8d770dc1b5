"""Do the seals hold: their own chain, the records they name, the seals written down elsewhere."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from guanshu.portal import audit
from guanshu.portal.models import AuditRecord, AuditSeal, SaveRecord

_CHUNK = 500
_KINDS: Mapping[str, tuple[type[AuditRecord | SaveRecord], str, str]] = {
    "audit": (AuditRecord, "stream", "审计流"),
    "saves": (SaveRecord, "report", "保存记录"),
}


def verify_seals() -> Iterator[str]:
    """Yield what is wrong with the seals themselves, and with records that are not what a seal says."""
    number, head = 0, ""
    for row in AuditSeal.objects.order_by("number").iterator(50):
        place = f"第 {row.number} 号封印"
        if row.number != number + 1:
            yield f"{place}：前面缺少第 {number + 1} 至 {row.number - 1} 号封印。"
        elif row.prev != head:
            yield f"{place}：与前一号封印不衔接。"
        if audit.hash_of(row) != row.hash:
            yield f"{place}：内容与校验值不符，封印被改动过。"
        yield from _verify_heads(row)
        number, head = row.number, row.hash


def _verify_heads(row: AuditSeal) -> Iterator[str]:
    for kind, (model, chain, label) in _KINDS.items():
        told = list(_told(row, kind))
        yield from (each for each in told if isinstance(each, str))
        rest = iter(each for each in told if isinstance(each, _Told))
        while some := list(islice(rest, _CHUNK)):
            yield from _compare(row.number, some, model, chain, label)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a seal says of one record; `hash` is known of a chain's end only."""

    id: int
    chain: str
    seq: int
    hash: str


def _told(row: AuditSeal, kind: str) -> Iterator[_Told | str]:
    """Yield what a seal says of each record; a sentence for what nobody but a forger writes."""
    try:
        for name, (seq, value, ids) in row.heads[kind].items():
            for place, pk in enumerate(ids):
                back = len(ids) - 1 - place
                yield _Told(int(pk), str(name), int(seq) - back, "" if back else str(value))
    except (AttributeError, KeyError, TypeError, ValueError):
        yield f"第 {row.number} 号封印：内容无法识别。"


def _compare(
    number: int, told: Sequence[_Told], model: type[AuditRecord | SaveRecord], chain: str, label: str
) -> Iterator[str]:
    rows = model.objects.filter(pk__in=[each.id for each in told]).values_list("pk", chain, "seq", "hash")
    found = {pk: (name, seq, value) for pk, name, seq, value in rows}
    for each in told:
        place = f"{label} {each.chain} 第 {each.seq} 条记录"
        name, seq, value = found.get(each.id, ("", 0, ""))
        if (name, seq) != (each.chain, each.seq):
            yield f"{place}：第 {number} 号封印登记过（序号 {each.id}），现已不存在或被移动。"
        elif each.hash and value != each.hash:
            yield f"{place}：与第 {number} 号封印登记的校验值不符，记录被改写过。"


def compare_seals(known: Iterable[tuple[int, str]], source: str) -> Iterator[str]:
    """Yield how the seals differ from those written down elsewhere: (number, hash or its first digits)."""
    rest = iter(known)
    newest = AuditSeal.objects.order_by("-number").values_list("number", flat=True).first() or 0
    while some := list(islice(rest, 500)):
        there = dict(AuditSeal.objects.filter(number__in=[n for n, _ in some]).values_list("number", "hash"))
        for number, value in some:
            if number not in there:
                tail = f"（数据库里最新的是第 {newest} 号）" if number > newest else ""
                yield f"第 {number} 号封印：{source}中有，数据库里没有{tail}。"
            elif not there[number].startswith(value.lower()):
                yield f"第 {number} 号封印：与{source}中的校验值不符，数据库里的封印被改写过。"
