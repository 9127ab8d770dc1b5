"""What every save request must be, whoever sends it: of a usable shape, and itself when it comes again."""

import re
from collections.abc import Mapping

from guanshu.portal import crypto
from guanshu.portal.domain.deciding import Change, Conflict, Decision
from guanshu.portal.problems import AlteredRequest, TooLarge, Unusable

MOST_CHANGES = 5000
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def check_shape(request_id: str, changes: Mapping[str, Change]) -> None:
    """Raise Unusable for what is no request id, TooLarge for more changes than any form could need at once."""
    if not _REQUEST_ID.fullmatch(request_id):
        raise Unusable
    if len(changes) > MOST_CHANGES:
        raise TooLarge(f"一次最多保存 {MOST_CHANGES} 项改动，这次有 {len(changes)} 项，未作任何改动。请分批保存。")


def was_saved(number: str, body: bytes, before: tuple[str, str] | None) -> bool:
    """Return whether a request with this body was saved before under this number.

    `before` is what statements.find_request tells of its id. Raises AlteredRequest when it was for something else.
    """
    if before is None:
        return False
    if before[0] != number or not crypto.same_body(body, before[1]):
        raise AlteredRequest
    return True


def take_back(decision: Decision) -> None:
    """Write nothing for a request sent again: what it stored was changed since, and that must not be undone."""
    for text in decision.writes:
        # The respondent may have set it back in another window; only they can say which they want now.
        decision.conflicts[text] = Conflict(decision.before[text])
    decision.writes.clear()
