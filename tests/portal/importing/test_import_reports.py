"""Importing closed years: previewed, idempotent, wrong lines named, open years refused."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from guanshu.portal.access import reports
from guanshu.portal.domain.exporting import export_workbook
from guanshu.portal.domain.importing import ImportResult, import_reports
from guanshu.portal.models import Campaign, FreeStatus, IndicatorFact, Report, ReportFact, SaveRecord, TableAnswers
from guanshu.portal.problems import Unusable, WrongState
from guanshu.portal.queries.reports import open_report
from guanshu.portal.queries.verification import verify_audit
from guanshu.survey.loading import read_folder
from tests.cast import NOW, QUESTIONNAIRES, Cast

HEADER = "org,land_area,building_area,is_free,leader,kind,services,opened,shows.none"
LINE = "130600001,9100,5000,是,赵示例,科技馆,餐饮|停车,2001-05-01,"


class Importing:
    """A folder with a file, and the command's operation."""

    def __init__(self, path: Path) -> None:
        self.path = path / "reports.csv"
        self.files: dict[str, bytes] | None = read_folder(QUESTIONNAIRES / "tiny-save")

    def write(self, *lines: str, name: str = "reports.csv") -> None:
        (self.path.parent / name).write_text("\n".join(lines) + "\n", encoding="utf-8-sig")

    def run(self, *, write: bool = True, year: int = 2021, **changed: Any) -> ImportResult:
        options = {"path": self.path, "files": self.files, "now": NOW, **changed}
        return import_reports(year=year, write=write, **options)


@pytest.fixture
def importing(cast: Cast, tmp_path: Path) -> Iterator[Importing]:
    found = Importing(tmp_path)
    found.write(HEADER, LINE)
    return found


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    return result.new, result.changed, result.unchanged, len(result.errors)


def imported(code: str = "130600001") -> Report:
    return reports().get(number=f"2021-{code}")


def test_a_closed_year_is_made_and_filled(importing: Importing) -> None:
    assert counts(importing.run()) == (1, 0, 0, 0)
    assert Campaign.objects.get(year=2021).closed
    opened = open_report(imported())
    assert opened.report.state == "approved"
    assert opened.answers.cells["kind"] == "science"
    assert str(opened.answers.cells["land_area"]) == "9100.00"
    assert opened.answers.cells["leader"] == "赵示例"
    assert FreeStatus.objects.filter(year=2021).count() == 1
    record = SaveRecord.objects.get()
    assert record.actor == "import"
    assert list(verify_audit()) == []


def test_the_figures_of_a_closed_year_are_facts(importing: Importing, cast: Cast) -> None:
    importing.run()
    fact = ReportFact.objects.get()
    assert (fact.year, fact.museum_id, fact.province_id, fact.free) == (2021, cast.baoding.pk, cast.hebei.pk, True)
    assert facts() == {"land_area": 910000, "building_area": 500000, "both_areas": 1410000}
    importing.write(HEADER, LINE.replace("9100", "9200").replace("5000", ""))
    importing.run()
    assert facts() == {"land_area": 920000}
    # A year imported before there were facts gets them from the next run, though nothing changes.
    IndicatorFact.objects.all().delete()
    ReportFact.objects.all().delete()
    assert counts(importing.run()) == (0, 0, 1, 0)
    assert facts() == {"land_area": 920000}


def facts() -> dict[str, int]:
    return dict(IndicatorFact.objects.values_list("indicator", "value"))


def test_people_are_encrypted(importing: Importing) -> None:
    importing.run()
    assert "赵示例" not in str(TableAnswers.objects.values_list("data", flat=True))
    assert "赵示例" not in str(SaveRecord.objects.values_list("changes", flat=True))


def test_a_preview_changes_nothing(importing: Importing) -> None:
    assert counts(importing.run(write=False)) == (1, 0, 0, 0)
    assert not Campaign.objects.filter(year=2021).exists()
    assert not SaveRecord.objects.exists()
    assert not FreeStatus.objects.filter(year=2021).exists()


def test_a_preview_of_an_existing_year_changes_nothing(importing: Importing) -> None:
    importing.run()
    importing.write("org,land_area", "130600001,9200", "130100001,1")
    assert counts(importing.run(write=False)) == (1, 1, 0, 0)
    assert SaveRecord.objects.count() == 1
    assert Report.objects.filter(campaign__year=2021).count() == 1
    assert counts(importing.run()) == (1, 1, 0, 0)


def test_a_second_run_changes_nothing(importing: Importing) -> None:
    importing.run()
    assert counts(importing.run(files=None, now=NOW + timedelta(hours=1))) == (0, 0, 1, 0)
    assert SaveRecord.objects.count() == 1


def test_a_corrected_file_changes_what_it_says_and_no_more(importing: Importing) -> None:
    importing.run()
    importing.write("org,land_area,building_area", "2021-130600001,9200,")
    assert counts(importing.run()) == (0, 1, 0, 0)
    cells = open_report(imported()).answers.cells
    assert str(cells["land_area"]) == "9200.00"
    assert "building_area" not in cells
    assert cells["kind"] == "science"
    assert sorted(change[0] for change in SaveRecord.objects.get(seq=2).changes) == ["building_area", "land_area"]


def test_one_wrong_line_does_not_stop_the_others(importing: Importing) -> None:
    importing.write(
        HEADER + ",nonsense",
        "990000001,1,,,,,,,,",
        "130600001,abc,5000,,,飞船,,,,",
        "B130100001,9100.123,1,,,,,2001-02-30,,",
        "130100001,1,1,,,,,,,",
        "2020-110108001,1,1,,,,,,,",
    )
    result = importing.run()
    assert counts(result)[:3] == (2, 0, 0)
    assert [(error.line, error.column, error.org) for error in result.errors] == [
        (1, "nonsense", ""),
        (2, "org", "990000001"),
        (3, "land_area", "130600001"),
        (3, "kind", "130600001"),
        (4, "land_area", "B130100001"),
        (4, "opened", "B130100001"),
        (5, "org", "130100001"),
        (6, "org", "2020-110108001"),
    ]
    cells = open_report(imported()).answers.cells
    assert str(cells["building_area"]) == "5000.00"
    assert "land_area" not in cells


def test_rows_come_from_the_file_beside(importing: Importing) -> None:
    importing.write(
        "org,row,title,cost,host", "130600001,1,月球,10,钱示例", "130600001,2,海洋,20,", name="reports.shows.csv"
    )
    importing.run()
    rows = open_report(imported()).answers.rows["shows"]
    assert [(row.id, row.cells["title"]) for row in rows] == [("r1", "月球"), ("r2", "海洋")]
    assert counts(importing.run()) == (0, 0, 1, 0)
    importing.write("org,row,title,cost,host", "130600001,2,海洋,21,", name="reports.shows.csv")
    assert counts(importing.run()) == (0, 1, 0, 0)
    rows = open_report(imported()).answers.rows["shows"]
    assert [(row.id, str(row.cells["cost"])) for row in rows] == [("r2", "21.00")]
    assert list(verify_audit()) == []


def test_what_is_not_asked_is_refused_by_name(importing: Importing) -> None:
    importing.write("org,has_shop,shop_name", "130600001,否,小店")
    result = importing.run()
    assert [error.column for error in result.errors] == ["shop_name"]


def test_an_open_year_is_refused(importing: Importing) -> None:
    with pytest.raises(WrongState, match="只能由各馆填报人填写"):
        importing.run(year=2022)
    with pytest.raises(WrongState, match="尚未结束"):
        importing.run(year=2023)
    assert not SaveRecord.objects.exists()


def test_a_new_year_needs_a_questionnaire(importing: Importing) -> None:
    with pytest.raises(Unusable, match="--questionnaire"):
        importing.run(files=None)


def test_a_year_keeps_its_questionnaire(importing: Importing) -> None:
    importing.run()
    with pytest.raises(Unusable, match="另一份调查表"):
        importing.run(files=read_folder(QUESTIONNAIRES / "batch"))


def test_an_exported_workbook_can_be_imported(importing: Importing, cast: Cast) -> None:
    importing.write("org,row,title,cost,host", "130600001,1,=月球,10,钱示例", name="reports.shows.csv")
    importing.run()
    exported = export_workbook(year=2021, province=None, free=False, actor="", now=NOW)
    path = importing.path.with_suffix(".xlsx")
    path.write_bytes(exported.data)
    assert counts(importing.run(path=path)) == (0, 0, 1, 0)
