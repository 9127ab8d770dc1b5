"""Is every page of this report and this version there, once? Decides from the codes that could be read."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from guanshu.survey.intake.verdict import Refused

_MOST_NAMED = 8


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
    found: Sequence[Sequence[Code]],
    *,
    report: str,
    version: int,
    content_hash: str,
    red: bool | None,
    needed: Collection[int] | None = None,
) -> ScanVerdict:
    """Return the verdict over the sheets of a scan in their order.

    report: the report's number; version: the one the scan must be of; red: whether a red seal was seen, None when the
    scan has no colour; needed: the pages that must be there, None for all. Sentences count sheets of the scan in 张,
    pages of the report in 页. Raises Refused when a code belongs to another report or version, or when a page is
    certainly missing.
    """
    wanted = f"{report}-V{version}"
    _refuse_foreign(found, report)
    _refuse_stale(found, wanted, content_hash)
    pages = _number_of_pages(found)
    unreadable = [place for place, codes in enumerate(found, 1) if not codes]
    counts = Counter(code.page for codes in found for code in codes)
    missing = [page for page in needed or range(1, pages + 1) if page not in counts and counts]
    if len(missing) > len(unreadable):
        raise Refused("missing", _missing(missing, pages, unreadable))
    problems = tuple(_problems(found, counts, missing, unreadable))
    return ScanVerdict(tuple(_page(codes, counts) for codes in found), problems, tuple(_notes(found, red)))


def _notes(found: Sequence[Sequence[Code]], red: bool | None) -> Iterable[str]:
    strays = _strays(found)
    if strays:
        which = "、".join(f"第 {place} 张是第 {page} 页" for place, page in strays[:_MOST_NAMED])
        more = f" 等 {len(strays)} 张" if len(strays) > _MOST_NAMED else ""
        yield f"扫描件的顺序与页码不一致（{which}{more}），不影响接收。"
    if red is None:
        yield "扫描件是黑白（灰度）的，无法判断首页有没有红色印章，请核对是否已经盖章。"
    elif not red:
        yield "首页上没有发现红色印章（印章颜色很淡时也可能如此），请核对是否已经盖章。"


def _strays(found: Sequence[Sequence[Code]]) -> list[tuple[int, int]]:
    """Return sheet and page of the fewest sheets that would have to be moved for all pages to follow each other."""
    seen = [(place, min(code.page for code in codes)) for place, codes in enumerate(found, 1) if codes]
    # The longest run that never falls: for each length the run that ends lowest.
    ends: list[int] = []
    runs: list[list[tuple[int, int]]] = []
    for sheet in seen:
        at = bisect_right(ends, sheet[1])
        ends[at : at + 1] = [sheet[1]]
        runs[at : at + 1] = [[*(runs[at - 1] if at else []), sheet]]
    staying = set(runs[-1]) if runs else set()
    return [sheet for sheet in seen if sheet not in staying]


def _number_of_pages(found: Sequence[Sequence[Code]]) -> int:
    """Return how many pages the report has, 0 when no code was read. Raises Refused for sheets of two prints."""
    sheets: dict[int, list[int]] = {}
    for place, codes in enumerate(found, 1):
        for code in codes:
            sheets.setdefault(code.pages, []).append(place)
    if len(sheets) > 1:
        prints = "；".join(f"共 {pages} 页的有扫描件第 {spoken(places)} 张" for pages, places in sorted(sheets.items()))
        raise Refused("two_prints", f"扫描件混有总页数不同的两次打印（{prints}）；请用同一次打印的纸张盖章后上传。")
    return next(iter(sheets), 0)


def _refuse_foreign(found: Sequence[Sequence[Code]], report: str) -> None:
    foreign = [(place, code) for place, codes in enumerate(found, 1) for code in codes if _number(code) != report]
    if foreign:
        message = f"扫描件{_named(foreign, '不是本报表的')}；请核对后上传本报表 {report} 的扫描件。"
        raise Refused("foreign", message)


def _refuse_stale(found: Sequence[Sequence[Code]], wanted: str, content_hash: str) -> None:
    data = content_hash.lower()
    stale = [
        (place, code)
        for place, codes in enumerate(found, 1)
        for code in codes
        if code.report != wanted or not data.startswith(code.data.lower())
    ]
    if stale:
        message = f"扫描件{_named(stale, '是以前的版本')}，数据已有变动；请重新打印 {wanted}，盖章后上传。"
        raise Refused("stale", message)


def _named(sheets: Sequence[tuple[int, Code]], what: str) -> str:
    """Return 第 3、4 张…（X 的第 1、2 页）, one report or version after the other."""
    groups: dict[str, list[tuple[int, Code]]] = {}
    for place, code in sheets:
        groups.setdefault(code.report, []).append((place, code))
    said = []
    for report, group in groups.items():
        places, pages = spoken(place for place, _ in group), spoken(code.page for _, code in group)
        said.append(f"第 {places} 张{what}（{report} 的第 {pages} 页）")
    return "；".join(said)


def _number(code: Code) -> str:
    return code.report.rpartition("-V")[0]


def _missing(missing: Sequence[int], pages: int, unreadable: Sequence[int]) -> str:
    if unreadable:
        return (
            f"扫描件的页数不够：共应有 {pages} 页，没有找到第 {spoken(missing)} 页，"
            f"而没有读出二维码的只有 {len(unreadable)} 页；请补扫后上传完整的扫描件。"
        )
    return f"扫描件缺少第 {spoken(missing)} 页（共应有 {pages} 页）；请补扫后上传完整的扫描件。"


def _problems(
    found: Sequence[Sequence[Code]], counts: Counter[int], missing: Sequence[int], unreadable: Sequence[int]
) -> Iterable[str]:
    for page, count in sorted(counts.items()):
        if count > 1:
            places = [place for place, codes in enumerate(found, 1) if any(code.page == page for code in codes)]
            yield f"第 {page} 页出现了不止一次（扫描件第 {spoken(places)} 张），请核对。"
    if not counts:
        yield f"扫描件的 {len(found)} 页都没有读出二维码，请逐页核对是否为本报表的当前版本，并且没有缺页。"
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
