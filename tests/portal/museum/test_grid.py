"""Every address of the museum's pages × method × role: who gets which answer."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from guanshu.portal.models import Account
from guanshu.portal.web.museum.urls import urlpatterns
from guanshu.survey.workflow.states import State
from tests.cast import Cast
from tests.portal.workflow.conftest import Way

# Address -> (GET, POST) of the filler and of the reviewer, with the report submitted and an empty post; None where the
# method does not exist.
GRID: dict[str, tuple[tuple[int | None, int | None], tuple[int | None, int | None]]] = {
    "": ((200, None), (200, None)),
    "tables/1-1/": ((200, 409), (200, 403)),
    "tables/9-9/": ((404, 404), (404, 404)),
    "check/": ((200, 409), (200, 403)),
    "submit/": ((200, 400), (200, 400)),
    "review/": ((200, 400), (200, 400)),
    "comments/": ((303, 403), (303, 409)),
    "comments/1/reply/": ((None, 409), (None, 403)),
    "comments/1/withdraw/": ((None, 403), (None, 409)),
    "stamp/": ((200, 400), (200, 400)),
    "stamp/upload/": ((None, 400), (None, 400)),
    "stamp/confirm/": ((None, 409), (None, 409)),
    "stamp/again/": ((None, 409), (None, 409)),
    "versions/1/pdf/": ((200, None), (200, None)),
    "versions/2/pdf/": ((404, None), (404, None)),
    "files/plan/": ((None, 400), (None, 400)),
    "files/plan/confirm/": ((None, 409), (None, 403)),
    "files/plan/remove/": ((None, 409), (None, 403)),
    "files/land_area/": ((None, 404), (None, 404)),
    "files/plan/template/": ((404, None), (404, None)),
    "files/plan/draft/": ((404, None), (404, None)),
    "history/": ((200, None), (200, None)),
    "history/receipts/1/": ((200, None), (200, None)),
    "history/receipts/2/": ((404, None), (404, None)),
    "account/": ((200, None), (200, None)),
    "account/replace/": ((200, 422), (200, 422)),
    "corrections/": ((200, 422), (200, 403)),
    "corrections/2022-1-G1/withdraw/": ((None, 404), (None, 404)),
}
OTHERS = ["province", "other_province", "city", "system", "viewer", "free_reviewer", "operations", "auditor"]


@pytest.fixture
def submitted(cast: Cast, settings: Any, tmp_path: Path) -> Cast:
    settings.GUANSHU_VERSIONS = tmp_path
    Way(cast).to(State.SUBMITTED)
    return cast


Clients = Callable[[Account], Client]


def answers(client: Client, path: str) -> tuple[int | None, int | None]:
    found = [client.get(f"/museum/{path}").status_code, client.post(f"/museum/{path}").status_code]
    return (None if found[0] == 405 else found[0], None if found[1] == 405 else found[1])


@pytest.mark.parametrize("path", GRID)
def test_filler_and_reviewer(path: str, submitted: Cast, client_of: Clients) -> None:
    shown = (answers(client_of(submitted.filler), path), answers(client_of(submitted.reviewer), path))
    assert shown == GRID[path]


@pytest.mark.parametrize("path", GRID)
def test_everybody_else_is_kept_out(path: str, cast: Cast, client_of: Clients) -> None:
    for name in OTHERS:
        client = client_of(getattr(cast, name))
        assert (client.get(f"/museum/{path}").status_code, client.post(f"/museum/{path}").status_code) == (403, 403)
    assert Client().get(f"/museum/{path}").headers["Location"].startswith("/login/")


def test_another_museum_sees_its_own_report_only(submitted: Cast, client_of: Clients) -> None:
    stranger = client_of(submitted.other_filler)
    assert "石家庄市科技馆" in stranger.get("/museum/").content.decode()
    for path in ("versions/1/pdf/", "history/receipts/1/"):
        assert stranger.get(f"/museum/{path}").status_code == 404
    scan = submitted.report().files.get(purpose="-stamp")
    assert stranger.get(f"/files/{scan.pk}/").status_code == 404


def test_no_address_is_missing_from_the_grid() -> None:
    covered = {resolve(f"/museum/{path}").url_name for path in GRID}
    assert covered == {pattern.name for pattern in urlpatterns}


@pytest.mark.parametrize("path", [path for path, (filler, _) in GRID.items() if filler[1] not in {None, 404}])
def test_a_closed_year_is_read_only(path: str, submitted: Cast, client_of: Clients) -> None:
    submitted.campaign.closed = True
    submitted.campaign.save()
    for account in (submitted.filler, submitted.reviewer):
        assert client_of(account).get(f"/museum/{path}").status_code in {200, 303, 405}
        assert client_of(account).post(f"/museum/{path}", {"action": "submit", "text": "x"}).status_code >= 400
