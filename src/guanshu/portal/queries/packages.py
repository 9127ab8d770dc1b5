"""Packages as pages and rules read them: what is inside, what is still missing, what changed from one to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guanshu.portal.models import Filing, Package, PackageSource
from guanshu.portal.queries.filingbasis import changes, whole_basis
from guanshu.portal.queries.filingcheck import asked_items, has_free
from guanshu.portal.queries.filingitems import EXCEL, SCAN, WORD, Item
from guanshu.portal.queries.filings import OpenFiling


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing a package must hold: the purpose of the file, and what it is called."""

    purpose: str
    label: str
    title: str
    kind: str


def slots(opened: OpenFiling) -> tuple[Slot, ...]:
    """Return what is asked of this province's package, in the order of the notice."""
    found = [slot for item in asked_items(opened) for slot in _of(item)]
    if has_free(opened):
        title = f"{opened.filing.campaign.year}年度免费开放科技馆基础信息"
        found.append(Slot(EXCEL, "免费开放科技馆基础信息", title, "excel"))
    return tuple(found)


def _of(item: Item) -> tuple[Slot, Slot]:
    return (
        Slot(item.word, f"{item.label} Word 文件", item.title, WORD),
        Slot(item.scan, f"{item.label} 盖章扫描件", item.title, SCAN),
    )


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot with the members of the package that fill it."""

    slot: Slot
    members: tuple[Mapping[str, Any], ...]

    @property
    def ready(self) -> bool:
        """Return whether something is there and nothing is wrong with it."""
        return bool(self.members) and not any(member["problem"] for member in self.members)


@dataclass(frozen=True, slots=True)
class Contents:
    """A package against what is asked: slot by slot, and the members that belong to none."""

    filled: tuple[Filled, ...]
    others: tuple[Mapping[str, Any], ...]

    @property
    def missing(self) -> tuple[Slot, ...]:
        """Return the slots for which there is nothing."""
        return tuple(each.slot for each in self.filled if not each.members)


def contents(package: Package, opened: OpenFiling) -> Contents:
    """Return what is in a package, against what is asked of the province now."""
    wanted = slots(opened)
    by_item: dict[str, list[Mapping[str, Any]]] = {}
    for member in package.manifest:
        by_item.setdefault(member["item"], []).append(member)
    filled = tuple(Filled(slot, tuple(by_item.get(slot.purpose, ()))) for slot in wanted)
    known = {slot.purpose for slot in wanted}
    others = tuple(member for member in package.manifest if member["item"] not in known)
    return Contents(filled, others)


def assignable(package: Package, opened: OpenFiling) -> tuple[tuple[Mapping[str, Any], tuple[Slot, ...]], ...]:
    """Return the members of an own package nobody can place, each with the slots it may be."""
    if package.source != PackageSource.UPLOADED.value or package.submitted_at is not None:
        return ()
    wanted = slots(opened)
    unclear = (line for line in package.manifest if not line["item"] and line["fits"] in {WORD, SCAN})
    return tuple((line, tuple(slot for slot in wanted if slot.kind == line["fits"])) for line in unclear)


def package_problems(package: Package, opened: OpenFiling) -> tuple[str, ...]:
    """Return what keeps a package from being handed in, for whatever it does not depend on the checklist."""
    if package.source == PackageSource.BUILT.value:
        return ()
    found = contents(package, opened)
    left = [f"材料包中没有「{slot.label}」，请补充后重新打包上传。" for slot in found.missing]
    left += [str(member["problem"]) for each in found.filled for member in each.members if member["problem"]]
    return tuple(left)


@dataclass(frozen=True, slots=True)
class Drift:
    """Whether a package is still of the data as they are, and if not, what changed."""

    package: Package
    outdated: bool
    changes: tuple[str, ...]


def drift(package: Package, opened: OpenFiling) -> Drift:
    """Compare what a package was made from with what there is now."""
    basis = whole_basis(opened)
    if basis.digest == package.basis:
        return Drift(package, outdated=False, changes=())
    return Drift(package, outdated=True, changes=changes(opened.filing, package.parts, basis.parts))


def packages(filing: Filing) -> list[Package]:
    """Return a filing's packages, newest first."""
    return list(Package.objects.filter(filing=filing).select_related("file").order_by("-serial"))


def submitted_packages(filing: Filing) -> list[Package]:
    """Return those that were handed in, newest first."""
    found = Package.objects.filter(filing=filing, submitted_at__isnull=False).select_related("file")
    return list(found.order_by("-serial"))


@dataclass(frozen=True, slots=True)
class Compared:
    """One file of two packages: 相同, 有改动, 新增, 已删去; its lines in both."""

    word: str
    name: str
    now: Mapping[str, Any] | None
    before: Mapping[str, Any] | None


def compare_packages(before: Package, now: Package) -> tuple[Compared, ...]:
    """Return file by file what is the same and what is not; files are matched by what they are, else by name."""
    old, new = _by_identity(_told(before)), _by_identity(_told(now))
    return tuple(_compared(key, new.get(key), old.get(key)) for key in {**new, **old})


def _told(package: Package) -> list[Mapping[str, Any]]:
    """Return the members that are compared; what the system adds (manifest, README) is new every time."""
    built = package.source == PackageSource.BUILT.value
    return [member for member in package.manifest if member["item"] or not built]


def _content(member: Mapping[str, Any]) -> str:
    """Return what tells one content from another: a workbook made twice differs in its bytes only."""
    return str(member.get("content") or member["sha256"])


def _by_identity(manifest: Sequence[Mapping[str, Any]]) -> dict[tuple[str, int], Mapping[str, Any]]:
    found: dict[tuple[str, int], Mapping[str, Any]] = {}
    seen: dict[str, int] = {}
    for member in manifest:
        name = member["item"] or member["name"]
        seen[name] = seen.get(name, 0) + 1
        found[name, seen[name]] = member
    return found


def _compared(key: tuple[str, int], now: Mapping[str, Any] | None, before: Mapping[str, Any] | None) -> Compared:
    there = now or before or {"name": key[0]}
    if now is None or before is None:
        word = "新增" if before is None else "已删去"
    else:
        word = "相同" if _content(now) == _content(before) else "有改动"
    return Compared(word, str(there["name"]), now, before)
