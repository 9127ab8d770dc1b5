"""What a province hands in, item by item: its lists and the self-evaluation, each as a Word file and a sealed scan.

Purposes of a filing's files are `<item>-word`, `<item>-scan` and `<item>-evidence-<row>`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guanshu.portal.models import Filing, StoredFile
from guanshu.survey.definition.model import Questionnaire, Table

WORD, SCAN, EVIDENCE = "word", "scan", "evidence"
# Lists that go out on paper, by their role in the form; and the report that is no list.
LISTS = ("free", "planned", "construction", "conversion")
EVALUATION = "evaluation"
PACKAGE = "package"
# What an archive may hold besides: the workbook of the free-opening museums.
EXCEL = "free-excel"
# These are about the free-opening museums: without any, they are 不适用.
ABOUT_FREE = frozenset({"free", EVALUATION})
_COUNCIL = "科协"
_CORPS = "660000"
_ROW = re.compile(r"[0-9A-Za-z]{1,40}")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of 报送材料: `label` is short (附件4), `title` the official name, `table` the list's if it is one."""

    key: str
    label: str
    title: str
    table: Table | None

    @property
    def word(self) -> str:
        """Return the purpose of its Word file."""
        return f"{self.key}-{WORD}"

    @property
    def scan(self) -> str:
        """Return the purpose of its sealed scan."""
        return f"{self.key}-{SCAN}"


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose taken apart: whose file, of which kind, and for evidence of which row of the list."""

    item: Item
    kind: str
    row: str = ""

    @property
    def name(self) -> str:
        """Return the purpose as rows of StoredFile have it."""
        return f"{self.item.key}-{self.kind}" + (f"-{self.row}" if self.row else "")

    @property
    def label(self) -> str:
        """Return what it is called on screen."""
        kinds = {WORD: "Word 文件", SCAN: "盖章扫描件", EVIDENCE: "佐证材料"}
        return f"{self.item.label} {kinds[self.kind]}"


def unit_name(filing: Filing) -> str:
    """Return the unit's full name as titles have it: 河北省, 新疆生产建设兵团."""
    return filing.province.name.removesuffix(_COUNCIL)


def items(filing: Filing, questionnaire: Questionnaire) -> tuple[Item, ...]:
    """Return the items in the order of the notice; a form without one of the lists has no such item."""
    unit = unit_name(filing)
    found = []
    for key in LISTS:
        roles = questionnaire.lists.get(key)
        if roles is None:
            continue
        table = questionnaire.by_name[roles.table]
        title = table.heading.get("paper_title", "") or table.title
        label = table.heading.get("number_label", "") or table.title
        found.append(Item(key, label, title.replace("{unit}", unit).replace("|", ""), table))
    evaluation = f"{filing.campaign.year}年度{unit}补助资金绩效自评报告"
    found.append(Item(EVALUATION, "自评报告", evaluation, None))
    return tuple(found)


def read_purpose(known: Sequence[Item], text: str) -> Purpose | None:
    """Return what a purpose in an address is about, None when it is none of these items."""
    key, _, rest = text.partition("-")
    kind, _, row = rest.partition("-")
    item = next((each for each in known if each.key == key), None)
    if item is None or kind not in {WORD, SCAN, EVIDENCE}:
        return None
    if (kind == EVIDENCE) != bool(row) or (row and (item.table is None or not _ROW.fullmatch(row))):
        return None
    return Purpose(item, kind, row)


def filing_files(filing: Filing) -> Mapping[str, StoredFile]:
    """Return the current file of every purpose that has one."""
    found = StoredFile.objects.filter(filing=filing, superseded_at=None).order_by("serial")
    return {file.purpose: file for file in found}


def filing_file_versions(filing: Filing, purpose: str) -> list[StoredFile]:
    """Return all files of a purpose, newest first."""
    return list(StoredFile.objects.filter(filing=filing, purpose=purpose).order_by("-serial"))
