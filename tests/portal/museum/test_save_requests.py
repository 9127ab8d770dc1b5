"""POST /museum/tables/<number>/ with JSON: the Wire section of docs/structure.md."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guanshu.portal.models import Account, Report
from guanshu.survey.workflow.states import State
from tests.cast import Cast
from tests.portal.museum.conftest import send


def test_a_saved_value_comes_back_as_stored_and_as_shown(filler: Client) -> None:
    response = send(filler, {"land_area": ["", "９１００.5"]})
    assert response.status_code == 200
    answer = response.json()
    assert answer["saved"] == {"land_area": {"stored": "9100.50", "text": "9100.50", "display": "9,100.50"}}
    assert answer["problems"] == answer["conflicts"] == {}
    assert len(answer["at"]) == len("14:03:22")


def test_totals_say_when_parts_are_missing(filler: Client) -> None:
    assert send(filler, {"land_area": ["", "100"]}).json()["computed"]["both_areas"] == {
        "display": "100.00",
        "partial": True,
    }
    assert send(filler, {"building_area": ["", "50"]}).json()["computed"]["both_areas"] == {
        "display": "150.00",
        "partial": False,
    }


def test_a_finding_comes_back_under_its_cell_and_in_the_panel(filler: Client) -> None:
    answer = send(filler, {"building_area": ["", "50"], "hall_area": ["", "60"]}).json()
    (note,) = answer["inline"]["hall_area"]
    assert (note["kind"], note["lead"]) == ("mandatory", "必须修改")
    assert note["message"] in answer["findings_html"]
    assert "dot-bad" in answer["nav_html"]


def test_a_bad_value_is_422_and_the_others_are_saved(filler: Client) -> None:
    response = send(filler, {"land_area": ["", "很大"], "building_area": ["", "50"]})
    assert response.status_code == 422
    assert list(response.json()["problems"]) == ["land_area"]
    assert list(response.json()["saved"]) == ["building_area"]


def test_a_conflict_is_409_with_both_values(filler: Client) -> None:
    send(filler, {"land_area": ["", "100"]})
    response = send(filler, {"land_area": ["", "200"]})
    assert response.status_code == 409
    conflict = response.json()["conflicts"]["land_area"]
    assert (conflict["stored"], conflict["display"], conflict["by"]) == ("100.00", "100.00", "填报人")


def test_a_condition_shows_and_requires_a_cell(filler: Client) -> None:
    assert "shop_name" in send(filler, {"has_shop": ["", False]}).json()["hidden"]
    answer = send(filler, {"has_shop": [False, True]}).json()
    assert "shop_name" not in answer["hidden"]
    assert answer["applies"]["3-3"] is True


def test_a_whole_table_ticked_hides_its_cells(filler: Client) -> None:
    answer = send(filler, {"3-2.na": ["", True]}, "3-2").json()
    assert answer["hidden"] == ["stops"]
    assert answer["saved"]["3-2.na"]["stored"] is True


def test_rows_and_their_cells_are_saved_together(filler: Client) -> None:
    answer = send(filler, {"shows.rows": [[], ["k1"]], "shows[k1].cost": ["", "2"]}, "3-1").json()
    assert answer["computed"]["shows[k1].fee"]["display"] == "3.00"
    assert answer["computed"]["shows_cost"] == {"display": "2.00", "partial": False}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b"{}",
        b'{"request": 7, "changes": {}}',
        b'{"request": "short", "changes": []}',
        b'{"request": "0123456789", "changes": {"land_area": "1"}}',
        b'{"request": "0123456789", "changes": {"land_area": [1, 2, 3]}}',
        b'{"request": "", "changes": {}}',
        b"\xff\xfe",
        b"[" * 100000,
    ],
)
def test_what_is_no_save_request_is_400_with_a_sentence(filler: Client, body: bytes) -> None:
    response = filler.post("/museum/tables/1-1/", body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["message"]


def test_ten_megabytes_are_413(filler: Client) -> None:
    response = send(filler, {"remark": ["", "长" * 4_000_000]})
    assert response.status_code == 413
    assert response.json()["message"]


def test_the_same_request_with_another_body_is_refused(filler: Client) -> None:
    send(filler, {"land_area": ["", "1"]}, request="request-1")
    response = send(filler, {"land_area": ["", "2"]}, request="request-1")
    assert (response.status_code, response.json()["code"]) == (409, "altered_request")


def test_a_report_that_is_not_open_is_409(filler: Client, cast: Cast) -> None:
    Report.objects.filter(pk=cast.report().pk).update(state=State.IN_REVIEW.value)
    response = send(filler, {"land_area": ["", "1"]})
    assert (response.status_code, response.json()["code"]) == (409, "wrong_state")


def test_nobody_but_the_filler_saves(cast: Cast, reviewer: Client, client_of: Callable[[Account], Client]) -> None:
    assert send(reviewer, {"land_area": ["", "1"]}).status_code == 403
    assert send(client_of(cast.province), {"land_area": ["", "1"]}).status_code == 403
    anonymous = send(Client(), {"land_area": ["", "1"]})
    assert (anonymous.status_code, "message" in anonymous.json()) == (401, True)
    assert cast.report().saves == 0


def test_an_unknown_table_is_404_and_another_museums_cells_stay_theirs(filler: Client, cast: Cast) -> None:
    assert send(filler, {"land_area": ["", "1"]}, "9-9").status_code == 404
    assert send(filler, {"land_area": ["", "1"]}).status_code == 200
    assert cast.report(cast.shijiazhuang).saves == 0


def test_a_missing_token_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.filler, backend="guanshu.portal.web.accounts.backend.AccountBackend")
    response: Any = client.post(
        "/museum/tables/1-1/", json.dumps({"request": "request-1", "changes": {}}), content_type="application/json"
    )
    assert response.status_code == 403
    assert response.json()["message"]


def test_an_explanation_is_saved_from_the_check_page(filler: Client) -> None:
    response = filler.post(
        "/museum/check/",
        json.dumps({"request": "request-1", "changes": {"land_area": ["", "x"]}}),
        content_type="application/json",
    )
    assert response.status_code == 422
    assert {"findings_html", "nav_html", "progress_html"} <= set(response.json())
