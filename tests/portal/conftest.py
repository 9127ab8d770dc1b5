"""The cast, and a short way to save."""

import json
import uuid
from collections.abc import Mapping
from typing import Any, Protocol

import pytest

from guanshu.portal.domain.saving import Change, SaveResult, save_answers
from guanshu.portal.models import Account, Report
from tests.cast import NOW, Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Make the fixed cast of tests/cast.py."""
    return make_cast()


class Save(Protocol):
    """Save changes {address: (seen, new)} as Baoding's filler unless told otherwise."""

    def __call__(
        self,
        changes: Mapping[str, tuple[object, object]],
        *,
        actor: Account | None = None,
        report: Report | None = None,
        request: str = "",
        body: bytes | None = None,
    ) -> SaveResult: ...


def save_as(
    actor: Account,
    report: Report,
    changes: Mapping[str, tuple[Any, Any]],
    *,
    request: str = "",
    body: bytes | None = None,
) -> SaveResult:
    """Save changes {address: (seen, new)}; the request id is a new one unless given."""
    return save_answers(
        report=report,
        actor=actor,
        request_id=request or uuid.uuid4().hex,
        body=json.dumps(changes).encode() if body is None else body,
        changes={address: Change(seen, new) for address, (seen, new) in changes.items()},
        now=NOW,
    )


@pytest.fixture
def save(cast: Cast) -> Save:
    """Return a function that saves."""

    def saving(
        changes: Mapping[str, tuple[object, object]],
        *,
        actor: Account | None = None,
        report: Report | None = None,
        request: str = "",
        body: bytes | None = None,
    ) -> SaveResult:
        return save_as(actor or cast.filler, report or cast.report(), changes, request=request, body=body)

    return saving
