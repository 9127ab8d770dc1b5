"""The pages as HTML: what everybody sees, what only the filler can do, and the ordinary form."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guanshu.portal.domain.campaigns import open_campaign
from guanshu.portal.models import Account, Campaign, Report, TableAnswers
from guanshu.survey.workflow.states import State
from tests.cast import NOW, Cast, calendar
from tests.portal.museum.conftest import send


def text(response: Any) -> str:
    return response.content.decode()


def fields(page: str) -> set[str]:
    """Return the names of the visible inputs."""
    found = re.findall(r'<(?:input(?! type="hidden")|select|textarea)[^>]* name="([^"]+)"', page)
    return {name for name in found if name not in {"username", "password", "code"}}


def stored(cast: Cast, table: str) -> dict[str, Any]:
    found = TableAnswers.objects.filter(report=cast.report(), table=table).first()
    return found.data if found else {}


def test_the_overview_says_what_is_left_and_where_to_go_on(filler: Client) -> None:
    page = text(filler.get("/museum/"))
    assert "开始填报 表1-1" in page
    assert "还有 6 天" in page
    send(filler, {"staff_total__own": ["", "1"]}, "2-1")
    assert "继续填报 表2-1" in text(filler.get("/museum/"))


def test_before_the_first_day_everything_can_be_read_and_nothing_typed(
    filler: Client, client: Client, settings: Any
) -> None:
    settings.GUANSHU_TODAY = "2022-12-31"
    sentence = "2022 年度的填报将于 2023年1月1日 开始"
    overview = text(filler.get("/museum/"))
    assert sentence in overview
    assert "开始填报" not in overview
    page = text(filler.get("/museum/tables/1-1/"))
    assert sentence in page
    assert not fields(page)
    refused = send(filler, {"land_area": ["", "9100"]})
    assert (refused.status_code, sentence in refused.json()["message"]) == (409, True)
    assert "尚未开放" in text(client.get("/"))
    settings.GUANSHU_TODAY = "2023-01-01"
    assert "land_area" in fields(text(filler.get("/museum/tables/1-1/")))
    assert "尚未开放" not in text(client.get("/"))


def test_inputs_are_named_by_address_and_fixed_cells_have_none(filler: Client) -> None:
    page = text(filler.get("/museum/tables/1-1/"))
    names = fields(page)
    assert {"land_area", "kind", "services", "has_shop", "remark", "opened"} <= names
    # From the register, computed, and a file.
    assert not {"museum_name", "level", "is_free", "both_areas", "plan"} & names
    assert "取自登记信息" in page


def test_every_input_has_what_was_seen_beside_it(filler: Client) -> None:
    send(filler, {"land_area": ["", "9100"], "services": ["", []]})
    page = text(filler.get("/museum/tables/1-1/"))
    assert 'name="land_area" value="9,100.00"' in page
    assert 'name="seen:land_area" value="9100.00"' in page


def test_a_closed_crossing_has_no_input(filler: Client) -> None:
    page = text(filler.get("/museum/tables/2-1/"))
    assert len(fields(page)) == 3
    assert page.count('class="closed"') == 1


def test_a_table_that_does_not_apply_is_said_to(cast: Cast, client_of: Callable[[Account], Client]) -> None:
    page = text(client_of(cast.other_filler).get("/museum/tables/1-2/"))
    assert "本馆不需填报本表" in page
    assert '<span class="m">不需填报</span>' in page
    assert fields(page) == set()


def test_a_tick_that_has_a_condition_is_offered_while_it_holds(filler: Client) -> None:
    assert "3-3.na" not in fields(text(filler.get("/museum/tables/3-3/")))
    send(filler, {"has_shop": ["", True]})
    assert "3-3.na" in fields(text(filler.get("/museum/tables/3-3/")))


def test_the_reviewer_reads_everything_and_has_no_inputs(filler: Client, reviewer: Client) -> None:
    send(filler, {"land_area": ["", "9100"]})
    page = text(reviewer.get("/museum/tables/1-1/"))
    assert "9,100.00" in page
    assert fields(page) == set()
    assert "只有填报人可以填写" in page


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.SUBMITTED, State.APPROVED, State.EXEMPT])
def test_a_report_under_way_is_read_only_and_says_why(filler: Client, cast: Cast, state: State) -> None:
    Report.objects.filter(pk=cast.report().pk).update(state=state.value)
    page = text(filler.get("/museum/tables/1-1/"))
    assert fields(page) == set()
    assert f"「{state.label}」" in page


def test_closed_years_are_read_with_the_year_in_every_link(filler: Client, cast: Cast) -> None:
    open_campaign(year=2021, questionnaire=cast.form, calendar=calendar(2021), now=NOW)
    Campaign.objects.filter(year=2021).update(closed=True)
    assert "?year=2021" in text(filler.get("/museum/"))
    page = text(filler.get("/museum/tables/1-1/?year=2021"))
    assert fields(page) == set()
    assert "2021 年度已经结束" in page
    assert set(re.findall(r'href="/museum/(?:tables/[^"]+)?(\?[^"#]*)?"', page)) <= {"?year=2021", ""}


@pytest.mark.parametrize("path", ["/museum/?year=1999", "/museum/?year=abcd", "/museum/tables/9-9/"])
def test_what_there_is_not_is_404(filler: Client, path: str) -> None:
    assert filler.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/museum/", "/museum/tables/1-1/", "/museum/check/"])
def test_strangers_stay_outside(cast: Cast, client_of: Callable[[Account], Client], path: str) -> None:
    assert Client().get(path).status_code == 302
    assert client_of(cast.province).get(path).status_code == 403


@pytest.mark.parametrize("path", ["/museum/", "/museum/tables/1-1/"])
def test_only_the_expected_methods(filler: Client, path: str) -> None:
    assert filler.delete(path).status_code == 405


def test_the_check_page_lists_what_is_missing_and_wrong(filler: Client) -> None:
    send(filler, {"building_area": ["", "50"], "hall_area": ["", "60"]})
    page = text(filler.get("/museum/check/"))
    assert "还不能提交" in page
    assert 'href="/museum/tables/1-1/#c-hall_area"' in page
    assert 'href="/museum/tables/1-1/#c-land_area"' in page


def test_no_inline_script_or_style(filler: Client) -> None:
    for path in ["/museum/", "/museum/tables/1-1/", "/museum/tables/2-1/", "/museum/tables/3-1/", "/museum/check/"]:
        page = text(filler.get(path))
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script>", page), path


def test_typed_markup_stays_text(filler: Client) -> None:
    send(filler, {"remark": ["", '"><script>alert(1)</script>']})
    page = text(filler.get("/museum/tables/1-1/"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def post(client: Client, table: str, **posted: Any) -> Any:
    """Send an ordinary form: seen_x for the hidden fields."""
    data = {key.replace("seen_", "seen:") if key.startswith("seen_") else key: value for key, value in posted.items()}
    return client.post(f"/museum/tables/{table}/", data)


def test_a_form_post_saves_what_changed_and_goes_back_to_the_page(filler: Client, cast: Cast) -> None:
    response = post(filler, "1-1", seen_land_area="", land_area="9,100", seen_remark="", remark="一\r\n二")
    assert (response.status_code, response["Location"]) == (303, "/museum/tables/1-1/")
    assert stored(cast, "1-1")["cells"] == {"land_area": "9100.00", "remark": "一\n二"}
    again = post(filler, "1-1", seen_land_area="9100.00", land_area="9,100.00", seen_remark="一\n二", remark="一\r\n二")
    assert again.status_code == 303
    assert cast.report().saves == 1


def test_a_form_post_goes_on_to_the_next_table(filler: Client) -> None:
    assert post(filler, "1-1", then="next")["Location"] == "/museum/tables/1-2/"


def test_a_form_post_shows_what_is_wrong_as_it_was_typed(filler: Client, cast: Cast) -> None:
    response = post(filler, "1-1", seen_land_area="", land_area="很大", seen_building_area="", building_area="50")
    assert response.status_code == 422
    assert 'name="land_area" value="很大"' in text(response)
    assert "不是数字" in text(response)
    assert stored(cast, "1-1")["cells"] == {"building_area": "50.00"}


def test_a_form_post_against_a_newer_value_shows_both(filler: Client) -> None:
    send(filler, {"land_area": ["", "100"]})
    response = post(filler, "1-1", seen_land_area="", land_area="200")
    assert response.status_code == 409
    assert "已将这一格改为「100.00」" in text(response)
    assert 'name="seen:land_area" value="100.00"' in text(response)


def test_rows_are_changed_by_buttons(filler: Client, cast: Cast) -> None:
    post(filler, "3-1", **{"seen:shows.rows": "", "then": "add:shows"})
    (row,) = [row["id"] for row in stored(cast, "3-1")["rows"]]
    post(
        filler,
        "3-1",
        **{"seen:shows.rows": row, f"seen:shows[{row}].cost": "", f"shows[{row}].cost": "5", "then": "add:shows"},
    )
    first, second = [row["id"] for row in stored(cast, "3-1")["rows"]]
    post(filler, "3-1", **{"seen:shows.rows": f"{first} {second}", "then": f"up:shows:{second}"})
    assert [row["id"] for row in stored(cast, "3-1")["rows"]] == [second, first]
    response = post(filler, "3-1", **{"seen:shows.rows": f"{second} {first}", "then": f"remove:shows:{second}"})
    assert response["Location"].endswith("#c-shows.rows")
    assert stored(cast, "3-1")["rows"] == [{"id": first, "cells": {"cost": "5.00"}}]


@pytest.mark.parametrize("then", ["add:nothing", "remove:basics:k1", "add:"])
def test_a_button_for_no_table_is_refused(filler: Client, then: str) -> None:
    assert post(filler, "3-1", **{"seen:shows.rows": "", "then": then}).status_code == 400


def test_boxes_and_ticks_are_posted_as_forms_do(filler: Client, cast: Cast) -> None:
    form = {"seen:has_shop": "", "has_shop": "true", "seen:3-2.na": "", "3-2.na": "true"}
    assert filler.post("/museum/tables/1-1/", form).status_code == 303
    assert stored(cast, "1-1")["cells"] == {"has_shop": True}
    assert stored(cast, "3-2") == {"na": True}
    assert filler.post("/museum/tables/3-2/", {"seen:3-2.na": "true"}).status_code == 303
    assert stored(cast, "3-2") == {}


def test_scripts_and_styles_stay_small() -> None:
    static = Path(__file__).parents[3] / "src" / "guanshu" / "portal" / "static"
    files = [*static.glob("js/entry/*.js"), static / "css" / "entry.css", static / "css" / "guanshu.css"]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < 40_000
    assert max(len(file.read_text().splitlines()) for file in files if file.suffix == ".js") <= 250
