"""Last year's reports put people on record: from our own files, from any layout with a mapping, from CSV and Excel."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import xlsxwriter

from guanshu.portal.domain.importing import ImportResult, import_reports
from guanshu.portal.models import Account, AuditRecord, TableAnswers
from guanshu.portal.queries.people import Person, accounts_with_phone, holders, person_of
from guanshu.survey.interchange.sheet import SheetProblem
from tests.cast import NOW, Cast
from tests.portal.people.conftest import LI, ZHANG, form_with_people, put

pytestmark = pytest.mark.django_db
HEADER = "org,land_area,filler_name_cell,filler_mobile_cell,reviewer_name_cell,reviewer_mobile_cell"
LINE = f"130600001,9100,{ZHANG.name},{ZHANG.phone},{LI.name},{LI.phone}"


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(
    path: Path, *, year: int = 2021, apply: bool = True, mapping: Path | None = None, later: int = 0
) -> ImportResult:
    files, now = form_with_people(), NOW + timedelta(minutes=later)
    return import_reports(year=year, path=path, files=files, write=apply, now=now, mapping=mapping)


def people(cast: Cast) -> tuple[Person, Person]:
    found = [person_of(Account.objects.get(pk=each.pk)) for each in (cast.filler, cast.reviewer)]
    return found[0], found[1]


def test_a_closed_year_puts_both_people_on_record(cast: Cast, tmp_path: Path) -> None:
    result = run(write(tmp_path / "a.csv", HEADER, LINE))
    assert (result.new, result.people, result.errors) == (1, 2, [])
    assert people(cast) == (ZHANG, LI)
    assert list(accounts_with_phone(LI.phone)) == [cast.reviewer]
    assert [each.source for each in holders(cast.filler)] == ["上年报表"]
    trail = str(list(AuditRecord.objects.values()))
    assert not any(secret in trail for secret in (ZHANG.name, ZHANG.phone, LI.name, LI.phone))


def test_a_preview_puts_nobody_on_record(cast: Cast, tmp_path: Path) -> None:
    assert run(write(tmp_path / "a.csv", HEADER, LINE), apply=False).people == 2
    assert people(cast) == (Person(), Person())


def test_an_import_again_changes_what_an_import_put_there_and_nothing_newer(cast: Cast, tmp_path: Path) -> None:
    run(write(tmp_path / "a.csv", HEADER, LINE))
    put(cast.reviewer, Person("王五", "13700009999"), source="submission", minutes=1)
    result = run(write(tmp_path / "a.csv", HEADER, LINE.replace(ZHANG.phone, "13811112222")), later=2)
    assert result.people == 1
    assert people(cast) == (Person(ZHANG.name, "13811112222"), Person("王五", "13700009999"))


def test_a_year_before_the_newest_closed_one_says_nothing_of_people(cast: Cast, tmp_path: Path) -> None:
    run(write(tmp_path / "a.csv", HEADER, LINE))
    old = run(write(tmp_path / "b.csv", HEADER, LINE.replace(ZHANG.phone, "13811112222")), year=2020, later=1)
    assert (old.new, old.people) == (1, 0)
    assert people(cast) == (ZHANG, LI)


THEIRS = ("馆名", "占地面积\n（平方米）", "填报人", "填报人 手机", "备注")
MAPPING = (
    "column,cell",
    "馆名,org",
    "占地面积（平方米）,land_area",
    "填报人,filler_name_cell",
    "填报人手机,filler_mobile_cell",
)


def workbook(path: Path, *sheets: tuple[str, Sequence[Sequence[str]]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, lines in sheets:
            sheet = book.add_worksheet(name)
            for row, line in enumerate(lines):
                sheet.write_row(row, 0, line)
    return path


def test_an_excel_file_of_another_layout_comes_in_with_a_mapping(cast: Cast, tmp_path: Path) -> None:
    line = (cast.baoding.name, "9100", ZHANG.name, ZHANG.phone, "无")
    path = workbook(tmp_path / "a.xlsx", ("汇总", [("2021年度情况",), THEIRS, line]))
    result = run(path, mapping=write(tmp_path / "m.csv", *MAPPING))
    assert (result.new, result.people) == (1, 1)
    assert people(cast)[0] == ZHANG
    # The one heading nobody mapped is named, and how to say what it is.
    assert [(each.column, "--mapping" in each.message) for each in result.errors] == [("备注", True)]


def test_headings_that_are_not_wanted_are_passed_over(cast: Cast, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ("汇总", [THEIRS, (cast.baoding.name, "9100", "", "", "无")]))
    assert run(path, mapping=write(tmp_path / "m.csv", *MAPPING, "备注,_")).errors == []


def test_a_rows_table_of_another_layout_comes_in(cast: Cast, tmp_path: Path) -> None:
    sheets = (
        ("汇总", [THEIRS[:2], ("130600001", "9100")]),
        ("展览一览", [("馆名", "序号", "名称"), ("130600001", "1", "恐龙展")]),
    )
    mapping = write(tmp_path / "m.csv", *MAPPING[:3], "展览一览,shows", "序号,row", "名称,shows.title")
    result = run(workbook(tmp_path / "a.xlsx", *sheets), mapping=mapping)
    assert result.errors == []
    assert "恐龙展" in str(list(TableAnswers.objects.values_list("data", flat=True)))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("column,cell", "馆名,org", "面积,land_aria"), "「land_aria」，是否为「land_area」"),
        (("column,cell", "馆名,org", "面积,zzz"), "不需要的列写 _"),
        (("列,单元", "馆名,org"), "第一行应为列名"),
        (("column,cell", ",org"), "没有写数据文件的列名"),
        (("column,cell", "馆名,org", "馆 名,land_area"), "前面已对应另一个单元"),
        (("column,cell",), "没有列名行"),
    ],
)
def test_a_mapping_that_means_nothing_is_refused_with_a_cure(
    lines: Sequence[str], said: str, cast: Cast, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "a.xlsx", ("汇总", [THEIRS, (cast.baoding.name, "9100")]))
    with pytest.raises(SheetProblem, match=said):
        run(path, mapping=write(tmp_path / "m.csv", *lines))
