"""What a folder says is what the questionnaire holds."""

from decimal import Decimal
from pathlib import Path

import pytest

from guanshu.survey.checks.parser import RESERVED
from guanshu.survey.definition.model import Period, Prefill, TableKind
from guanshu.survey.definition.source import Problem, Source
from guanshu.survey.loading import digest, load_definition, pack, read_folder, unpack
from guanshu.survey.loading.fields import KEYWORDS
from tests.survey.samples import sample, sample_files


def problems_of(name: str, file: str, old: str, new: str) -> list[Problem]:
    """The problems of a sound folder after one replacement."""
    sound = sample_files(name)
    text = sound[file].decode()
    assert old in text
    return load_definition({**sound, file: text.replace(old, new, 1).encode()})[1]


def test_settings() -> None:
    q = sample("parts")
    assert (q.id, q.title, q.year, q.organisation) == ("parts", "其中项", 2022, "场馆")
    assert q.roles == {"name": "museum_name", "level": "level", "free": "is_free"}
    assert q.params["open_days_min"].default == Decimal(200)
    assert q.params["share"].default == Decimal("0.35")
    assert q.params["strict"].default is True
    assert q.units.alias == {"日": "天"}
    assert q.units.kin == {frozenset({"人", "人次"})}


def test_tables() -> None:
    basics, site = sample("parts").tables
    assert (basics.number, basics.name, basics.group, basics.kind) == ("1-1", "basics", "表1", TableKind.LIST)
    assert basics.applies is True
    assert site.applies == Source("is_free", "tables.csv", 3, 22)
    assert site.na is True
    assert (basics.heading["issuer"], site.heading["issuer"], site.heading["scope"]) == ("制定机关", "另一机关", "全部")


def test_indicators() -> None:
    cells = sample("parts").cells
    assert cells["museum_name"].prefill == Prefill("register", "name")
    assert cells["museum_name"].help == "按登记填写，\n可有两行"
    assert cells["level"].prefill == Prefill("last")
    staff, women, mobile = cells["staff"], cells["women"], cells["mobile"]
    assert (staff.unit, staff.period, staff.formerly) == ("人", Period.STOCK, "people")
    assert staff.tags == {"subsidy", "review"}
    assert (women.required, women.na, women.of, women.indent) == (False, True, ("staff",), 1)
    assert (mobile.personal, mobile.type.name) == (True, "mobile")
    assert mobile.required == Source("is_free", "tables/1-1.csv", 8, 23)
    assert isinstance(cells["aids"].na, Source)
    assert (cells["building_area"].na, cells["building_area"].must_answer) == (False, True)
    assert (cells["land_area"].na, cells["land_area"].must_answer) == (False, False)
    assert cells["both_areas"].calc == Source("total(land_area, building_area)", "tables/1-2.csv", 4, 30)
    assert not cells["both_areas"].typed


def test_matrix() -> None:
    staff = sample("grid").by_name["staff"]
    assert [line.name for line in staff.rows] == ["total", "own", "hired", "office"]
    assert len(staff.cells) == 12
    assert staff.at["office", "women"].of == ("staff_total__women", "staff_office__n")
    total = staff.at["total", "women"]
    assert total.calc == Source("total(own, hired)", "tables/2-2.rows.csv", 2, 14)
    assert (total.calc_scope, total.formerly, total.unit) == ("rows", "staff_total__female", "人")
    assert (staff.at["own", "share"].calc_scope, staff.at["total", "share"].calc_scope) == ("columns", "rows")


def test_single_crossings() -> None:
    visit = sample("grid").by_name["visit"]
    assert ("m01", "groups") not in visit.at
    groups, changed = visit.at["total", "groups"], visit.at["m02", "visitors"]
    assert (groups.calc, groups.calc_scope, groups.required, groups.label) == (None, "", False, "团体观众全年")
    assert (groups.na, groups.must_answer, groups.tags) == (False, True, frozenset({"subsidy"}))
    assert visit.at["total", "visitors"].na is True
    assert changed.calc is not None
    assert (changed.calc_scope, changed.type.name, changed.unit) == ("", "dec1", "人")
    assert changed.of == ("visit_total__visitors", "staff_own__n")


@pytest.mark.parametrize(
    ("formula", "scope"), [("total(m01, m02)", "rows"), ("visitors + 1", "columns"), ("staff_own__n", "")]
)
def test_a_single_crossings_formula_may_name_rows_columns_or_form_cells(formula: str, scope: str) -> None:
    text = f'row,column,closed,calc\ntotal,groups,,"{formula}"\n'
    cell = sample("grid", **{"tables/6-1.cells.csv": text}).cells["visit_total__groups"]
    assert cell.calc_scope == scope


def test_a_part_whose_whole_is_closed_has_no_whole() -> None:
    text = "row,column,closed\ntotal,visitors,yes\n"
    assert (
        sample("grid", **{"tables/6-1.cells.csv": text, "questionnaire.toml": NO_ROLES}).cells["visit_total__groups"].of
        == ()
    )


NO_ROLES = 'id = "grid"\ntitle = "行列表"\nyear = 2022\norganisation = "场馆"\n'


def test_rows_tables() -> None:
    q = sample("rows")
    shows = q.by_name["temporary"]
    assert shows.limit == 3
    assert [cell.name for cell in shows.totals] == ["temporary_count", "temporary_cost"]
    assert shows.by_name["minors"].of == ("visitors",)
    assert set(q.cells) == {"temporary_count", "temporary_cost", "stops"}


@pytest.mark.parametrize(
    ("name", "file", "old", "new", "place", "word"),
    [
        ("parts", "questionnaire.toml", "year = 2022", 'year = "2022"', (3, 1), "year"),
        ("parts", "questionnaire.toml", 'title = "其中项"', "titel = 1", (2, 1), "titel"),
        ("parts", "questionnaire.toml", 'scope = "全部"', "scope = 全部", (8, 9), "TOML"),
        ("parts", "questionnaire.toml", "default = 200", 'default = "200"', (17, 1), "open_days_min"),
        ("parts", "questionnaire.toml", "[params.strict]", "[params.last]", (20, 1), "保留字"),
        ("parts", "questionnaire.toml", 'kin = [["人", "人次"]]', 'kin = ["人"]', (30, 1), "kin"),
        ("parts", "questionnaire.toml", 'id = "parts"', 'id = "Parts 1"', (1, 1), "id"),
        ("parts", "tables.csv", "1-2,site", "1-1,site", (3, 1), "表号「1-1」重复"),
        ("parts", "tables.csv", "1-2,site", "1-2,basics", (3, 5), "表名「basics」重复"),
        ("parts", "tables.csv", "list,,,,说明", "list,5,,,说明", (2, 25), "最多行数"),
        ("rows", "tables.csv", "rows,3,", "rows,,", (2, ",\n"), "最多行数"),
        ("rows", "tables.csv", "rows,3,", "rows,many,", (2, "many"), "many"),
        ("parts", "choices.csv", "level,city", "level,ci|ty", (3, 7), "ci|ty"),
        ("parts", "choices.csv", "坡道", "不适用", (5, 11), "不适用"),
        ("parts", "choices.csv", "坡道,", "坡道,x", (5, 14), "yes 或 no"),
        ("parts", "choices.csv", "aids,ramp,坡道", "aids,ramp,无", (5, 11), "选项名称「无」重复"),
        ("parts", "tables/1-1.csv", ",last,", ",lats,", (4, "lats"), "预填"),
        ("parts", "tables/1-1.csv", "int,no,,,,yes", "int,TRUE,,,,yes", (7, "TRUE"), "TRUE"),
        ("parts", "tables/1-1.csv", "人,年末,int,no", "人,年中,int,no", (7, "年中"), "时期"),
        ("parts", "tables/1-1.csv", ",1,staff", ",9,staff", (7, "9,staff"), "缩进"),
        ("parts", "tables/1-1.csv", ",1,staff", ",1,women", (7, "women,\n"), "自己"),
        ("parts", "tables/1-1.csv", "级别,,", "级别,级,", (4, 13), "计量单位"),
        ("parts", "tables/1-1.csv", "女,人", "女,10 人", (7, 12), "计量单位"),
        ("parts", "tables/1-2.csv", "land_area,占地", "staff,占地", (2, 4), "已用于 tables/1-1.csv 第 6 行"),
        ("rows", "tables/3-2.csv", "no,visitors", "no,stops", (8, "stops"), "stops"),
        ("grid", "tables/2-2.columns.csv", "int,n,", "int,women,", (3, "women,,"), "自己"),
        ("grid", "tables/2-2.columns.csv", "share,比例,%,,dec1", "share,比例,%,,date", (4, "%"), "计量单位"),
        ("grid", "tables/2-2.rows.csv", "03,hired", "03,own", (4, 4), "own"),
        ("grid", "tables/6-1.cells.csv", "*,groups", "*,group", (2, 3), "group"),
        ("grid", "tables/6-1.cells.csv", "staff_own__n", "staff_own__m", (4, "visit_total"), "staff_own__m"),
    ],
)
def test_a_single_mistake(name: str, file: str, old: str, new: str, place: tuple[int, str | int], word: str) -> None:
    line, mark = place
    text = sample_files(name)[file].decode().replace(old, new, 1).split("\n")[line - 1] + "\n"
    column = text.index(mark) + 1 if isinstance(mark, str) else mark
    found = problems_of(name, file, old, new)
    here = [problem for problem in found if (problem.file, problem.line, problem.column) == (file, line, column)]
    assert any(word in problem.message for problem in here), (column, [str(problem) for problem in found])


def test_a_table_may_not_be_called_like_a_cell() -> None:
    [problem] = problems_of("parts", "tables.csv", "1-2,site", "1-2,staff")
    assert (problem.file, problem.line, problem.column) == ("tables/1-1.csv", 6, 4)
    assert "表名相同" in problem.message


@pytest.mark.parametrize(
    "missing", ["questionnaire.toml", "tables.csv", "tables/2-2.rows.csv", "tables/2-2.columns.csv"]
)
def test_missing_files(missing: str) -> None:
    left = sample_files("grid")
    del left[missing]
    questionnaire, problems = load_definition(left)
    assert questionnaire is None
    assert any(missing in problem.message for problem in problems)


def test_superfluous_files() -> None:
    for name, word in [
        ("tables/2-2.csv", "2-2.cells.csv"),
        ("checks/2-3.rules", "checks/2-2.rules"),
        ("notes.xlsx", "删去"),
    ]:
        [problem] = load_definition({**sample_files("grid"), name: b""})[1]
        assert name in problem.message
        assert word in problem.cure
    assert load_definition({**sample_files("grid"), "README.md": b"", "docs/a.txt": b""})[1] == []


def test_an_empty_folder_is_explained() -> None:
    questionnaire, problems = load_definition({})
    assert questionnaire is None
    assert {problem.file for problem in problems} == {"questionnaire.toml", "tables.csv"}


def test_reading_a_folder_ignores_leftovers(tmp_path: Path) -> None:
    for name in (
        "tables.csv",
        ".DS_Store",
        "~$tables.xlsx",
        "tables.csv~",
        "tables/.x.swp",
        "tables/1.csv",
        ".git/config",
        "Thumbs.db",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert list(read_folder(tmp_path)) == ["tables.csv", "tables/1.csv"]
    with pytest.raises(NotADirectoryError):
        read_folder(tmp_path / "none")


def test_a_folder_is_named_by_its_content() -> None:
    some = {"b": b"1", "a": b"2"}
    assert digest(some) == digest({"a": b"2", "b": b"1"})
    assert len({digest(one) for one in (some, {"b": b"12", "a": b""}, {"ba": b"12"}, {"b": b"1", "a": b"3"})}) == 4


def test_a_folder_is_kept_in_one_piece() -> None:
    some = sample_files("grid")
    assert unpack(pack(some)) == some
    assert pack(some) == pack(dict(reversed(some.items())))
    for wrong in (b"", b"PK", pack(some)[:-30], pack({"../x": b""})):
        with pytest.raises(ValueError, match="archive"):
            unpack(wrong)


def test_no_cell_can_be_called_like_a_word_of_the_check_language() -> None:
    assert RESERVED <= KEYWORDS


def test_the_french_questionnaire_is_sound() -> None:
    questionnaire, problems = load_definition(read_folder(Path("questionnaires/france-museums")))
    assert problems == []
    assert questionnaire is not None
    assert [table.number for table in questionnaire.tables] == ["A", "B"]
