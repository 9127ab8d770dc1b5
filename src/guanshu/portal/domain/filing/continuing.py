"""What became of a museum of last year's lists: the province's word for it, which the submission waits for."""

from datetime import datetime

from django.db import transaction

from guanshu.portal import audit
from guanshu.portal.domain.filing.locking import check_administrator, check_editable, lock_filing
from guanshu.portal.models import Account, Continuity, Filing
from guanshu.portal.problems import Incomplete, Unusable
from guanshu.portal.queries.continuity import NOTED, Asked, asked
from guanshu.portal.queries.filings import open_filing
from guanshu.survey.values.base import ValueProblem
from guanshu.survey.values.texts import TextType

_NOTE = TextType(limit=300, lines=True)


def answer_continuity(
    *, filing: Filing, actor: Account, listed: str, row: str, fate: str, note: str, now: datetime
) -> Continuity:
    """Keep what became of one museum (`listed`: the role of its list, `row`: its row there); a later word replaces it.

    Raises NotYours, WrongState, Unusable for a museum that is not asked about, Incomplete without the reason it needs.
    """
    with transaction.atomic():
        locked = lock_filing(filing)
        check_administrator(locked, actor)
        check_editable(locked)
        museum = _find(locked, listed, row)
        if fate not in {each.value for each in museum.fates}:
            raise Incomplete(f"请为「{museum.name}」选择一种情况。")
        text = _note(museum, note, needed=fate in NOTED)
        kept, _made = Continuity.objects.update_or_create(
            filing=locked,
            listed=listed,
            row=row,
            defaults={"name": museum.name, "fate": fate, "note": text, "by": actor.username, "at": now},
        )
        audit.record(
            stream=f"filing:{locked.number}",
            actor=actor.username,
            action="answer_continuity",
            object=f"{listed}[{row}]",
            details={"name": museum.name, "fate": fate, "note": text},
            now=now,
        )
    return kept


def _find(filing: Filing, listed: str, row: str) -> Asked:
    for museum in asked(open_filing(filing)):
        if (museum.listed, museum.row) == (listed, row) and not museum.settled:
            return museum
    raise Unusable("上年名单中没有这座需要说明的科技馆，请刷新页面后重试。")


def _note(museum: Asked, note: str, *, needed: bool) -> str:
    try:
        text = _NOTE.parse(note)
    except ValueProblem as problem:
        raise Incomplete(f"「{museum.name}」的说明：{problem.message}") from problem
    if isinstance(text, str):
        return text
    if needed:
        raise Incomplete(f"请写明「{museum.name}」的情况，如{_EXAMPLES.get(museum.listed, _EXAMPLES[''])}。")
    return ""


_EXAMPLES = {"planned": "现用馆名、延期到何时、取消的原因", "": "延期到何时、取消的原因"}
