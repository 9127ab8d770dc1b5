"""The province's review and the nation's settings × method × role × ownership (all addresses: test_every_url.py)."""

from collections.abc import Callable

import pytest
from django.test import Client

from guanshu.portal.models import Account
from guanshu.survey.workflow.states import State
from tests.cast import Cast
from tests.portal.workflow.conftest import Way

NUMBER, CODE = "2022-130600001", "130600001"
# Address -> what GET and POST answer to whoever may use it (empty post), None where the method does not exist.
PROVINCE: dict[str, tuple[int | None, int | None]] = {
    "review/": (200, None),
    "review/several/": (302, 422),
    "review/phrases/": (200, 400),
    f"review/{NUMBER}/looked/": (None, 303),
    f"review/{NUMBER}/": (200, None),
    f"review/{NUMBER}/act/approve/": (200, 303),
    f"review/{NUMBER}/act/return/": (200, 422),
    f"review/{NUMBER}/act/revoke_approval/": (409, 409),
    f"review/{NUMBER}/act/nothing/": (404, 404),
    f"review/{NUMBER}/comments/": (303, 422),
    f"review/{NUMBER}/comments/1/withdraw/": (None, 404),
    f"review/{NUMBER}/waivers/": (None, 409),
    f"review/{NUMBER}/waivers/1/withdraw/": (None, 409),
    f"review/{NUMBER}/reveal/": (None, 303),
    "status/": (200, None),
    f"status/{NUMBER}/": (200, None),
    f"status/{NUMBER}/overdue/": (None, 409),
    f"status/{NUMBER}/extend/": (None, 422),
    "reminders/": (200, None),
    "reminders/new/": (None, 422),
    "reminders/send/": (None, 422),
    "accounts/": (200, None),
    "data/": (200, None),
    f"data/{NUMBER}/": (200, None),
    "data/export/": (200, 422),
}
NATIONAL: dict[str, tuple[int | None, int | None]] = {
    "": (200, None),
    "museums/": (200, None),
    f"museums/{CODE}/": (200, None),
    f"museums/{CODE}/extend/": (None, 422),
    f"reports/{NUMBER}/act/refuse_exempt/": (409, 409),
    "reminders/": (200, None),
    "exemptions/": (200, None),
    "campaign/": (200, 422),
    "notices/": (200, None),
    "notices/publish/": (None, 422),
    "notices/1/withdraw/": (None, 409),
    "notices/contacts/": (None, 422),
    "notices/footer/": (None, 303),
    "data/export/": (200, 422),
}


@pytest.fixture
def enter(cast: Cast) -> Callable[[Account], Client]:
    def log_in(account: Account) -> Client:
        client = Client()
        client.force_login(account, backend="guanshu.portal.web.accounts.backend.AccountBackend")
        return client

    return log_in


def answers(client: Client, path: str) -> tuple[int | None, int | None]:
    got, posted = client.get(path).status_code, client.post(path).status_code
    return (None if got == 405 else got), (None if posted == 405 else posted)


@pytest.mark.parametrize("path", PROVINCE)
def test_the_own_province(path: str, cast: Cast, enter: Callable[[Account], Client]) -> None:
    Way(cast).to(State.SUBMITTED)
    client = enter(cast.province)
    status = client.get("/province/" + path).status_code
    assert (None if status == 405 else status) == PROVINCE[path][0]
    status = client.post("/province/" + path).status_code
    assert (None if status == 405 else status) == PROVINCE[path][1]


@pytest.mark.parametrize("path", [path for path in PROVINCE if NUMBER in path])
def test_another_province_finds_nothing(path: str, cast: Cast, enter: Callable[[Account], Client]) -> None:
    client = enter(cast.other_province)
    got, posted = PROVINCE[path]
    expected = (None if got is None else 404), (None if posted is None else 404)
    assert answers(client, "/province/" + path) == expected


@pytest.mark.parametrize("path", [*(f"/province/{path}" for path in PROVINCE), *(f"/national/{p}" for p in NATIONAL)])
def test_other_roles_are_kept_out(path: str, cast: Cast, enter: Callable[[Account], Client]) -> None:
    strangers = [cast.filler, cast.reviewer, cast.city, cast.free_reviewer, cast.operations, cast.auditor]
    strangers.append(cast.system if path.startswith("/province/") else cast.province)
    for account in strangers:
        assert answers(enter(account), path) == (403, 403), account.role
    assert answers(Client(), path) == (302, 302)


@pytest.mark.parametrize("path", NATIONAL)
def test_the_nation(path: str, cast: Cast, enter: Callable[[Account], Client]) -> None:
    Way(cast).to(State.AWAITING_STAMP)
    assert answers(enter(cast.system), f"/national/{path}") == NATIONAL[path]


def test_the_viewer_changes_nothing(cast: Cast, enter: Callable[[Account], Client]) -> None:
    client = enter(cast.viewer)
    assert client.get(f"/national/museums/{CODE}/").status_code == 200
    form = {"until": "2023-02-20", "reason": "停电"}
    assert client.post(f"/national/museums/{CODE}/extend/", form).status_code == 403
    assert client.post(f"/national/reports/{NUMBER}/act/refuse_exempt/", {"reason": "x"}).status_code == 403
    for path in ("campaign/", "notices/", "notices/publish/", "notices/footer/"):
        assert client.post(f"/national/{path}").status_code == 403
