"""Is every page of this report and this version there, once? Decides from the codes that could be read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guanshu.survey.intake.verdict import Refused


@dataclass(frozen=True, slots=True)
class Code:
    """What a page's code says: 报表编号, page, pages, the first digits of the content hash."""

    report: str
    page: int
    pages: int
    data: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the scan: the numbers on it (0: no code could be read) and a sentence when something is odd."""

    pages: tuple[int, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ScanVerdict:
    """`problems` must be confirmed by eye before the scan counts; `notes` are hints only."""

    pages: tuple[Page, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def check_scan(
    found: Sequence[Sequence[Code]], *, report: str, version: int, content_hash: str, red: bool
) -> ScanVerdict:
    """Return the verdict over the pages of a scan in their order.

    report: the report's number; version: the one the scan must be of. Raises Refused when a code belongs to another
    report or version, or when a page is certainly missing.
    """
    wanted = f"{report}-V{version}"
    _refuse_foreign(found, report)
    _refuse_stale(found, wanted, content_hash)
    unreadable = [place for place, codes in enumerate(found, 1) if not codes]
    counts = Counter(code.page for codes in found for code in codes)
    pages = next((code.pages for codes in found for code in codes), 0)
    missing = [page for page in range(1, pages + 1) if page not in counts]
    if len(missing) > len(unreadable):
        raise Refused("missing", _missing(missing, pages, unreadable))
    problems = list(_problems(counts, missing, unreadable, len(found)))
    notes = [] if red else ["首页上没有发现红色印章（黑白扫描时属于正常），请核对是否已经盖章。"]
    return ScanVerdict(tuple(_page(codes, counts) for codes in found), tuple(problems), tuple(notes))


def _refuse_foreign(found: Sequence[Sequence[Code]], report: str) -> None:
    foreign = {place: code.report for place, codes in enumerate(found, 1) for code in codes if _number(code) != report}
    if foreign:
        whose = "、".join(sorted(set(foreign.values())))
        message = (
            f"扫描件第 {spoken(foreign)} 页不是本报表的（报表编号 {whose}）；请核对后上传本报表 {report} 的扫描件。"
        )
        raise Refused("foreign", message)


def _refuse_stale(found: Sequence[Sequence[Code]], wanted: str, content_hash: str) -> None:
    data = content_hash.lower()
    stale = {
        place: code.report
        for place, codes in enumerate(found, 1)
        for code in codes
        if code.report != wanted or not data.startswith(code.data.lower())
    }
    if stale:
        others = "、".join(sorted(set(stale.values()) - {wanted})) or wanted
        message = (
            f"扫描件第 {spoken(stale)} 页是以前的版本（{others}），数据已有变动；请重新打印 {wanted}，盖章后上传。"
        )
        raise Refused("stale", message)


def _number(code: Code) -> str:
    return code.report.rpartition("-V")[0]


def _missing(missing: Sequence[int], pages: int, unreadable: Sequence[int]) -> str:
    if unreadable:
        return (
            f"扫描件的页数不够：共应有 {pages} 页，没有找到第 {spoken(missing)} 页，"
            f"而没有读出二维码的只有 {len(unreadable)} 页；请补扫后上传完整的扫描件。"
        )
    return f"扫描件缺少第 {spoken(missing)} 页（共应有 {pages} 页）；请补扫后上传完整的扫描件。"


def _problems(counts: Counter[int], missing: Sequence[int], unreadable: Sequence[int], scanned: int) -> Iterable[str]:
    twice = [page for page, count in sorted(counts.items()) if count > 1]
    if twice:
        yield f"第 {spoken(twice)} 页出现了不止一次，请核对。"
    if not counts:
        yield f"扫描件的 {scanned} 页都没有读出二维码，请逐页核对是否为本报表的当前版本，并且没有缺页。"
    elif missing:
        yield f"扫描件第 {spoken(unreadable)} 张没有读出二维码，请核对其中是否有第 {spoken(missing)} 页。"


def _page(codes: Sequence[Code], counts: Counter[int]) -> Page:
    numbers = tuple(code.page for code in codes)
    if not numbers:
        return Page((), "没有读出二维码")
    return Page(numbers, "重复" if any(counts[number] > 1 for number in numbers) else "")


def spoken(numbers: Iterable[int]) -> str:
    """Return 1、3—5、9; long runs are not spelt out."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    texts = [f"{run[0]}—{run[-1]}" if len(run) > 2 else "、".join(map(str, run)) for run in runs]
    return "、".join(texts)
