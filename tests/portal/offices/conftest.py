"""Hebei applies for a museum that the register lacks; Baoding finds the register wrong; Hebei's 附件1 arrives."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanshu.portal.domain.offices.applying import submit_application
from guanshu.portal.domain.offices.correcting import ask_correction, give_opinion
from guanshu.portal.models import Account, Application, Correction, Role
from guanshu.survey.workflow.requests import RequestAction
from tests.cast import NOW, Cast
from tests.portal.files.conftest import place
from tests.survey.intake import makers

__all__ = ["place"]

BACKEND = "guanshu.portal.web.accounts.backend.AccountBackend"
FILLER, REVIEWER = ("王小明", "13811112222"), ("赵小红", "13933334444")
APPLIED = {
    "name": "曲阳县科技馆",
    "level": "county",
    "city": "保定市",
    "division": "130634",
    "supervisor": "曲阳县科学技术协会",
    "opened_on": "2022-05",
    "address": "",
    "free": "1",
    "filler_name": FILLER[0],
    "filler_phone": FILLER[1],
    "reviewer_name": REVIEWER[0],
    "reviewer_phone": REVIEWER[1],
    "note": "",
}
CARD = {
    "unit": "河北省科协科普部",
    "name": "李晓梅",
    "gender": "女",
    "title": "副部长（四级调研员）",
    "office_phone": "0311-86512345转8012",
    "mobile": "13700001111",
    "email": "kepubu@hebkx.example.cn",
}


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.GUANSHU_TODAY = "2023-02-04"


def pdf(name: str = "批复.pdf") -> SimpleUploadedFile:
    """Return an upload that can be taken."""
    return SimpleUploadedFile(name, makers.pdf(1))


def client_of(account: Account) -> Client:
    """Return a client of an account."""
    client = Client(raise_request_exception=True)
    client.force_login(account, backend=BACKEND)
    return client


def apply(cast: Cast, *, distinct: bool = False, actor: Account | None = None, **typed: str) -> Application:
    """Hand in an application of Hebei's, with some fields typed otherwise."""
    return submit_application(
        actor=actor or cast.province,
        campaign=cast.campaign,
        typed={**APPLIED, **typed},
        distinct=distinct,
        upload=pdf(),
        now=NOW,
    )


def ask(cast: Cast, what: str, new: str, *, actor: Account | None = None) -> Correction:
    """Ask for a correction of Baoding's entry."""
    typed = {"what": what, f"new_{what}": new, "reason": "名册有误"}
    return ask_correction(actor=actor or cast.filler, campaign=cast.campaign, typed=typed, upload=pdf(), now=NOW)


def forwarded(cast: Cast, what: str, new: str) -> Correction:
    """Ask for a correction, and let the province pass it on."""
    asked = ask(cast, what, new)
    return give_opinion(correction=asked, actor=cast.province, action=RequestAction.FORWARD, opinion="属实", now=NOW)


def second_system() -> Account:
    """Make another system administrator."""
    return Account.objects.create(username="national2", role=Role.SYSTEM.value, must_change_password=False)


def folder_of(settings: Any) -> Path:
    """Return where kept files lie."""
    return Path(settings.STORAGES["default"]["OPTIONS"]["location"])
