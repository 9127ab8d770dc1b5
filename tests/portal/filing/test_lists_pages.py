"""报送材料: overview, entry with and without script, all findings, closed years, files, and who gets in."""

import csv
import io
import json
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanshu.portal.queries.filings import open_filing
from tests.cast import Cast
from tests.portal.filing.conftest import client_of, filing_of, save_in, typed, with_last_year

ROOT = "/province/materials/"
HALL = {"title": "一馆", "rank": "county", "hall": "800", "due": "2023-6"}


def send(client: Client, changes: Mapping[str, Any], table: str = "B", request: str = "") -> Any:
    """Post a save as the page's script does."""
    body = json.dumps({"request": request or str(uuid.uuid4()), "changes": changes})
    return client.post(f"{ROOT}tables/{table}/", body, content_type="application/json")


def test_the_overview_tells_each_list_s_state(cast: Cast, province: Client) -> None:
    save_in(cast, {"any_free": ("", False), "why_none": ("", "本省没有免费开放科技馆"), "sites.none": ("", True)})
    save_in(cast, typed("plans", HALL))
    page = province.get(ROOT).content.decode()
    assert "本省无" in page
    assert "1 行" in page
    assert "不适用" in page
    assert "必须修改 1" in page
    assert "2023-02-25" in page
    assert "继续填写" in page


def test_the_menu_leads_there(cast: Cast, province: Client) -> None:
    assert f'<a href="{ROOT}">报送材料</a>' in province.get("/province/status/").content.decode()


def test_a_list_is_called_what_its_heading_says(cast: Cast, province: Client) -> None:
    page = province.get(f"{ROOT}tables/C/").content.decode()
    assert "名单C 在建名单" in page
    assert "> 本省无<input" in page
    assert "本年度无" not in page


def test_a_save_by_script_is_answered_in_the_shape_of_the_museum_s(cast: Cast, province: Client) -> None:
    answer = send(province, typed("plans", HALL))
    told = answer.json()
    assert answer.status_code == 200
    assert told["saved"]["plans[r1].due"] == {"stored": "2023-06", "text": "2023-06", "display": "2023年6月"}
    assert told["inline"]["plans[r1].hall"][0]["kind"] == "mandatory"
    assert told["saves"] == 1
    assert "展厅面积" in told["findings_html"]
    assert f"{ROOT}tables/B/" in told["nav_html"]
    assert "未上报" in told["progress_html"]


def test_a_conflict_answers_409_and_a_bad_value_422(cast: Cast, province: Client) -> None:
    save_in(cast, typed("plans", HALL))
    assert send(province, {"plans[r1].title": ["", "二馆"]}).status_code == 409
    bad = send(province, {"plans[r1].hall": ["800.00", "很大"]})
    assert (bad.status_code, list(bad.json()["problems"])) == (422, ["plans[r1].hall"])


def test_a_post_without_script_adds_a_row_and_fills_it(cast: Cast, province: Client) -> None:
    added = province.post(f"{ROOT}tables/B/", {"seen:plans.rows": "", "then": "add:plans"})
    assert (added.status_code, added["Location"]) == (303, f"{ROOT}tables/B/#c-plans.rows")
    (row,) = open_filing(filing_of(cast)).answers.rows["plans"]
    cell = f"plans[{row.id}].title"
    province.post(f"{ROOT}tables/B/", {"seen:plans.rows": row.id, f"seen:{cell}": "", cell: "一馆"})
    assert open_filing(filing_of(cast)).answers.rows["plans"][0].cells["title"] == "一馆"
    bad = f"plans[{row.id}].hall"
    page = province.post(f"{ROOT}tables/B/", {"seen:plans.rows": row.id, f"seen:{bad}": "", bad: "很大"})
    assert page.status_code == 422
    assert "很大" in page.content.decode()


def test_all_findings_and_blanks_stand_on_one_page_and_take_explanations(cast: Cast, province: Client) -> None:
    save_in(cast, typed("plans", {**HALL, "hall": "1200", "approved": "否"}))
    page = province.get(f"{ROOT}check/").content.decode()
    assert "还不能上报" in page
    assert "一馆 未批准立项" in page
    assert "至少填一行，或勾选「本省无」" in page
    body = json.dumps({"request": str(uuid.uuid4()), "changes": {"B-02[r1]": ["", "立项手续正在办理"]}})
    told = province.post(f"{ROOT}check/", body, content_type="application/json").json()
    assert told["saved"]["B-02[r1]"]["stored"] == "立项手续正在办理"
    again = province.post(f"{ROOT}check/", {"seen:B-02[r1]": "立项手续正在办理", "B-02[r1]": "已上会，三月批复"})
    assert again.status_code == 303


def test_a_closed_year_is_read_only(cast: Cast, province: Client) -> None:
    with_last_year(cast, plans=[HALL])
    page = province.get(f"{ROOT}tables/B/?year=2021").content.decode()
    assert "一馆" in page
    assert "只读" in page
    assert "data-editable" not in page
    assert "2021 年度" in province.get(ROOT).content.decode()
    body = json.dumps({"request": "r-123456", "changes": {"plans[r1].title": ["一馆", "二馆"]}})
    refused = province.post(f"{ROOT}tables/B/?year=2021", body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert province.get(f"{ROOT}tables/B/import/?year=2021").status_code == 404
    assert province.get(f"{ROOT}?year=1999").status_code == 404
    assert province.get(f"{ROOT}?year=x").status_code == 404


def test_last_year_s_rows_are_shown_beneath(cast: Cast, province: Client) -> None:
    with_last_year(cast, sites=[{"title": "旧馆", "rank": "city", "due": "2022-12"}])
    page = province.get(f"{ROOT}tables/C/").content.decode()
    assert "上年填报的 1 行" in page
    assert "旧馆" in page


def test_what_was_submitted_is_only_read(cast: Cast, province: Client) -> None:
    filing = filing_of(cast)
    filing.state = "submitted"
    filing.save(update_fields=["state"])
    page = province.get(f"{ROOT}tables/B/").content.decode()
    assert "已上报" in page
    assert "data-editable" not in page
    assert send(province, typed("plans", HALL)).status_code == 409


def test_an_unknown_list_is_no_page(cast: Cast, province: Client) -> None:
    for path in ("tables/Z/", "tables/Z/proposal/", "tables/Z/import/", "tables/B/proposal/", "tables/0/import/"):
        assert province.get(ROOT + path).status_code == 404, path
    assert province.post(f"{ROOT}tables/Z/", {}).status_code == 404


def sheet(*lines: list[str], encoding: str = "utf-8-sig") -> SimpleUploadedFile:
    """Return a CSV file of these lines."""
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return SimpleUploadedFile("名单.csv", text.getvalue().encode(encoding))


HEAD = ["序号", "场馆名称", "场馆级别", "展厅面积 (㎡)", "拟开馆时间（ 年 月）"]


def test_a_file_is_shown_before_it_is_added(cast: Cast, province: Client) -> None:
    save_in(cast, typed("plans", HALL))
    lines = (
        ["2023年度新增名单"],
        HEAD,
        ["1", "二馆", "县级", "1200", "2023年5月"],
        ["2", "三馆", "乡级", "1,300", "2023-7"],
    )
    page = province.post(f"{ROOT}tables/B/import/", {"file": sheet(*lines)})
    text = page.content.decode()
    assert "文件中的 2 行" in text
    assert "1 格不能导入" in text
    assert "乡级" in text
    assert filing_of(cast).saves == 1
    form = {"rows": page.context["carried"], "request": page.context["request_id"]}
    assert province.post(f"{ROOT}tables/B/import/", form)["Location"] == f"{ROOT}tables/B/"
    rows = open_filing(filing_of(cast)).answers.rows["plans"]
    assert [row.cells.get("title") for row in rows] == ["一馆", "二馆", "三馆"]
    assert "rank" not in rows[2].cells
    assert filing_of(cast).saves == 2
    # The button pressed twice adds nothing.
    province.post(f"{ROOT}tables/B/import/", form)
    assert filing_of(cast).saves == 2


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (sheet(["甲", "乙"], ["1", "2"]), "没有找到表头"),
        (sheet(HEAD), "没有名单的行"),
        (SimpleUploadedFile("a.xlsx", b"PK\x03\x04broken"), "读不出来"),
        (SimpleUploadedFile("a.csv", b"\x00\x01\x02\xff"), "不是可读的"),
    ],
)
def test_a_file_that_is_no_list_is_told_why(
    cast: Cast, province: Client, file: SimpleUploadedFile, sentence: str
) -> None:
    file.seek(0)
    answer = province.post(f"{ROOT}tables/B/import/", {"file": file})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_file_of_more_rows_than_the_list_takes_is_not_added(cast: Cast, province: Client) -> None:
    lines = [HEAD, *([str(n), f"{n}馆", "县级", "1200", "2023-5"] for n in range(1, 7))]
    page = province.post(f"{ROOT}tables/B/import/", {"file": sheet(*lines, encoding="gb18030")})
    assert "名单最多 5 行" in page.content.decode()
    form = {"rows": page.context["carried"], "request": page.context["request_id"]}
    after = province.post(f"{ROOT}tables/B/import/", form, follow=True)
    assert "最多填 5 行" in after.content.decode()
    assert not open_filing(filing_of(cast)).answers.rows.get("plans")


def test_rows_of_no_preview_are_refused(cast: Cast, province: Client) -> None:
    for rows in ("", "[]", "{}", "[1]", '[{"id": 1}]'):
        assert province.post(f"{ROOT}tables/B/import/", {"rows": rows, "request": "r-1"}).status_code == 400, rows


def test_another_province_sees_its_own_only(cast: Cast) -> None:
    save_in(cast, typed("plans", HALL))
    page = client_of(cast.other_province).get(f"{ROOT}tables/B/").content.decode()
    assert "一馆" not in page


def test_lists_with_a_printed_heading_lead_to_their_word_file(cast: Cast, province: Client) -> None:
    page = province.get(ROOT).content.decode()
    assert "/province/materials/papers/planned.docx" in page
    assert "/province/materials/papers/goals.docx" not in page


def test_a_heading_that_names_its_unit_is_not_given_it_twice(cast: Cast, province: Client) -> None:
    save_in(cast, typed("plans", HALL))
    page = province.get(f"{ROOT}tables/B/").content.decode()
    assert 'data-label="展厅面积（㎡）"' in page
    assert "㎡）（" not in page
