"""Freezing the lists: a version a content, the same content the same version."""

import pytest
from django.db import transaction

from guanshu.portal.domain.filing.freezing import keep_version
from guanshu.portal.domain.filing.importing import import_filing
from guanshu.portal.domain.filing.locking import lock_filing
from guanshu.portal.models import FilingVersion
from guanshu.portal.problems import WrongState
from guanshu.survey.workflow.canonical import sha256
from tests.cast import NOW, Cast
from tests.portal.filing.conftest import filing_of, save_in, typed

HALL = {"title": "一馆", "rank": "county", "hall": "1800", "due": "2023-6", "approved": "是"}


def freeze(cast: Cast) -> FilingVersion:
    with transaction.atomic():
        return keep_version(lock_filing(filing_of(cast)), by=cast.province.username, now=NOW)


def test_the_same_content_keeps_its_version_and_other_content_gets_the_next(cast: Cast) -> None:
    save_in(cast, typed("plans", HALL))
    first = freeze(cast)
    assert (first.number, filing_of(cast).version) == (1, 1)
    assert first.snapshot["tables"]["B"]["rows"][0]["cells"]["title"] == "一馆"
    assert freeze(cast).pk == first.pk
    save_in(cast, {"plans[r1].title": ("一馆", "二馆")})
    second = freeze(cast)
    assert second.number == 2
    save_in(cast, {"plans[r1].title": ("二馆", "一馆")})
    third = freeze(cast)
    assert (third.number, third.content_hash) == (3, first.content_hash)
    assert len(sha256(third.snapshot)) == 64
    assert FilingVersion.objects.count() == 3


def test_a_filing_frozen_twice_at_the_same_content_writes_once(cast: Cast) -> None:
    assert freeze(cast).pk == freeze(cast).pk
    assert FilingVersion.objects.count() == 1


def test_lists_of_an_open_year_are_never_imported(cast: Cast) -> None:
    with pytest.raises(WrongState):
        import_filing(filing=filing_of(cast), changes={"any_free": True}, now=NOW)
    assert filing_of(cast).saves == 0
