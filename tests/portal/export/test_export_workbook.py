"""The workbook read back: exactly what is stored, and blank ≠ 0 ≠ 不适用."""

import io
from datetime import date
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from guanshu.portal.domain.exporting import export_workbook
from guanshu.portal.models import AuditRecord, Report
from guanshu.portal.problems import Unusable
from tests.cast import NOW, Cast
from tests.portal.conftest import Save


class Book:
    """A workbook as a program reads it."""

    def __init__(self, data: bytes) -> None:
        self.book = CalamineWorkbook.from_filelike(io.BytesIO(data))

    def lines(self, sheet: str) -> list[list[Any]]:
        return self.book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)

    def table(self, sheet: str) -> list[dict[str, Any]]:
        """Return the lines under the header as {machine name: value}."""
        lines = self.lines(sheet)
        return [dict(zip(lines[3], line, strict=True)) for line in lines[4:]]


def export(cast: Cast, **wanted: Any) -> Book:
    options = {
        "year": 2022,
        "province": None,
        "free": False,
        "actor": "national",
        "now": NOW,
        "unsubmitted": True,
        **wanted,
    }
    return Book(export_workbook(**options).data)


@pytest.fixture
def typed(save: Save) -> None:
    result = save(
        {
            "land_area": (None, "9100.5"),
            "building_area": (None, "不适用"),
            "opened": (None, "2001-05-01"),
            "kind": (None, "science"),
            "services": (None, ["cafe", "park"]),
            "has_shop": (None, "否"),
            "leader": (None, "赵示例"),
            "mobile": (None, "13800138001"),
            "remark": (None, "=1+1\n第二行"),
            "staff_total__own": (None, "0"),
            "shows.rows": (None, ["k1", "k2"]),
            "shows[k1].title": (None, "=SUM(A1)"),
            "shows[k1].cost": (None, "120.25"),
            "shows[k2].title": (None, "月球"),
            "1-1-02": (None, "x"),
            "3-1-01[k1]": (None, "巡展的运输费用较高"),
        }
    )
    assert not result.problems


def test_values_come_back_as_they_were_typed(cast: Cast, typed: None) -> None:
    row = next(row for row in export(cast).table("基础信息") if row["org"] == "130600001")
    assert row["_state"] == "填报中"
    assert row["_review_state"] == "–"
    assert row["_province"] == "河北"
    assert row["_name"] == row["museum_name"] == "保定市科技馆"
    assert row["_report"] == "2022-130600001"
    assert row["land_area"] == 9100.5
    assert row["opened"] == date(2001, 5, 1)
    assert row["kind"] == "科技馆"
    assert row["services"] == "餐饮|停车"
    assert row["has_shop"] == "否"
    assert row["leader"] == "赵示例"
    assert row["mobile"] == "13800138001"
    assert row["remark"] == "=1+1\n第二行"
    assert row["is_free"] == "是"
    assert "plan" not in row


def test_blank_and_0_and_na_are_three_things(cast: Cast, typed: None) -> None:
    row = next(row for row in export(cast).table("基础信息") if row["org"] == "130600001")
    assert row["building_area"] == "不适用"
    assert row["staff_total__own"] == 0
    assert row["staff_total__own"] != ""
    assert row["staff_female__own"] == ""
    # One row's cost is blank, so the total is not known yet.
    assert row["shows_cost"] == ""
    # Not asked, because there is no shop.
    assert row["shop_name"] == "不适用"
    other = next(row for row in export(cast).table("基础信息") if row["org"] == "130100001")
    # A whole table that is for free-opening museums only.
    assert other["free_days"] == "不适用"
    assert row["free_days"] == ""


def test_rows_have_a_sheet_of_their_own(cast: Cast, typed: None) -> None:
    rows = export(cast).table("3-1 展览")
    assert [(row["org"], row["row"], row["title"], row["cost"]) for row in rows] == [
        ("130600001", 1, "=SUM(A1)", 120.25),
        ("130600001", 2, "月球", ""),
    ]
    assert rows[0]["fee"] == 121.25


def test_no_cell_holds_a_formula(cast: Cast, typed: None) -> None:
    import zipfile

    data = export_workbook(year=2022, province=None, free=False, actor="", now=NOW).data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in archive.read(name)


def test_the_header_names_table_indicator_and_unit(cast: Cast) -> None:
    lines = export(cast).lines("基础信息")
    names = lines[3]
    at = names.index("land_area")
    assert lines[1][at] == "占地面积"
    assert lines[2][at] == "平方米"
    assert lines[0][names.index("museum_name")] == "表1-1 基本情况"
    assert lines[1][names.index("staff_female__own")] == "女 · 在编"
    assert names[:6] == ["_state", "_review_state", "_province", "_name", "org", "_report"]
    assert lines[0][:2] == ["报表状态", "省级审核状态"]


def test_museums_that_have_not_begun_are_there_with_nothing(cast: Cast) -> None:
    row = next(row for row in export(cast).table("基础信息") if row["org"] == "130100001")
    assert row["_state"] == "未填报"
    assert row["land_area"] == ""


def test_opinions_carry_the_explanations(cast: Cast, typed: None) -> None:
    lines = export(cast).lines("审核意见与说明")
    assert lines[0] == ["馆名", "报表编号", "检查", "类别", "意见", "说明"]
    assert ["保定市科技馆", "2022-130600001", "3-1-01[k1]", "核实性", "巡展的运输费用较高"] in [
        [*line[:4], line[5]] for line in lines[1:]
    ]


def test_notes_say_what_the_workbook_is(cast: Cast) -> None:
    notes = dict(line[:2] for line in export(cast, province=cast.hebei).lines("说明") if line[0])
    assert notes["统计年度"].startswith("2022 年")
    assert notes["范围"].startswith("省级单位：河北省科协；含未提交")
    assert notes["单位数"] == "2"
    assert (notes["导出账号"], notes["导出时间"]) == ("national", "2023-02-04 10:00:00")
    assert "空白" in notes
    assert "science＝科技馆" in notes["类型（kind）"]


@pytest.mark.parametrize(
    ("free", "approved", "name"),
    [
        (False, False, "2022年度科技馆基础信息（全部字段）（未定稿）.xlsx"),
        (False, True, "2022年度科技馆基础信息（全部字段）.xlsx"),
        (True, False, "2022年度免费开放科技馆基础信息（未定稿）.xlsx"),
        (True, True, "2022年度免费开放科技馆基础信息.xlsx"),
    ],
)
def test_official_names(cast: Cast, *, free: bool, approved: bool, name: str) -> None:
    if approved:
        Report.objects.update(state="approved")
    exported = export_workbook(year=2022, province=None, free=free, actor="", now=NOW, unsubmitted=True)
    assert exported.name == name
    assert exported.count == (2 if free else 3)


def test_an_export_is_recorded_without_what_it_held(cast: Cast) -> None:
    export(cast, province=cast.hebei, actor="A130000001")
    record = AuditRecord.objects.get(action="export_workbook")
    assert (record.actor, record.object) == ("A130000001", "2022")
    assert record.details == {"province": "130000", "free": False, "unsubmitted": True, "museums": 2}


def test_a_year_that_does_not_exist_is_refused(cast: Cast) -> None:
    with pytest.raises(Unusable, match="2019"):
        export(cast, year=2019)
