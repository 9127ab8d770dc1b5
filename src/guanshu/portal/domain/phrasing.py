"""A province's own list of sentences for comments and reasons. It begins as the system's list at the first change."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from guanshu.portal import audit
from guanshu.portal.domain.reporting.locking import required
from guanshu.portal.models import Account, Province, ReviewPhrase, Role
from guanshu.portal.problems import Incomplete, NotYours, WrongState
from guanshu.portal.queries.phrases import default_phrases

LONGEST = 200
MOST = 40
_GONE = "这条常用意见已不存在，可能已在其他窗口删除。请刷新页面查看。"


def add_phrase(*, province: Province, actor: Account, text: str, now: datetime) -> ReviewPhrase:
    """Add a sentence at the end of the list. Raises NotYours, Incomplete."""
    with transaction.atomic():
        own = _lock(province, actor)
        wanted = _checked(text, own)
        if len(own) >= MOST:
            raise Incomplete(f"常用意见最多 {MOST} 条，请先删除不用的。")
        phrase = ReviewPhrase.objects.create(province=province, text=wanted, order=len(own) + 1)
        _record(province, actor, "add_phrase", now, text=wanted)
    return phrase


def change_phrase(
    *, province: Province, actor: Account, place: int, was: str, text: str, now: datetime
) -> ReviewPhrase:
    """Write the sentence at a place (from 1) anew; `was` is what it said. Raises NotYours, WrongState, Incomplete."""
    with transaction.atomic():
        own = _lock(province, actor)
        phrase = _at(own, place, was)
        phrase.text = _checked(text, [each for each in own if each is not phrase])
        phrase.save(update_fields=["text"])
        _record(province, actor, "change_phrase", now, text=phrase.text)
    return phrase


def remove_phrase(*, province: Province, actor: Account, place: int, was: str, now: datetime) -> None:
    """Remove the sentence at a place; without any the system's list is there again. Raises NotYours, WrongState."""
    with transaction.atomic():
        own = _lock(province, actor)
        phrase = _at(own, place, was)
        ReviewPhrase.objects.filter(pk=phrase.pk).delete()
        _number([each for each in own if each is not phrase])
        _record(province, actor, "remove_phrase", now, text=phrase.text)


def raise_phrase(*, province: Province, actor: Account, place: int, was: str, now: datetime) -> None:
    """Move the sentence at a place one up; the first stays. Raises NotYours, WrongState."""
    with transaction.atomic():
        own = _lock(province, actor)
        phrase = _at(own, place, was)
        if place > 1:
            own[place - 2 : place] = [phrase, own[place - 2]]
            _number(own)
            _record(province, actor, "raise_phrase", now, text=phrase.text)


def _lock(province: Province, actor: Account) -> list[ReviewPhrase]:
    """Lock the province's row and return its own list, made from the system's when it had none."""
    if actor.role != Role.PROVINCE.value or actor.province_id != province.pk or not actor.is_active:
        raise NotYours("只有本省的管理员账号可以修改常用意见。")
    Province.objects.select_for_update(no_key=True).get(pk=province.pk)
    own = list(ReviewPhrase.objects.filter(province=province))
    if not own:
        rows = [ReviewPhrase(province=province, text=text, order=n) for n, text in enumerate(default_phrases(), 1)]
        ReviewPhrase.objects.bulk_create(rows)
        own = list(ReviewPhrase.objects.filter(province=province))
    return own


def _at(own: Sequence[ReviewPhrase], place: int, was: str) -> ReviewPhrase:
    """Return the sentence at a place if it is the one that was seen there. Raises WrongState."""
    if not 1 <= place <= len(own) or own[place - 1].text != was:
        raise WrongState(_GONE)
    return own[place - 1]


def _checked(text: str, others: Sequence[ReviewPhrase]) -> str:
    wanted = required(text, "常用意见").replace("\n", " ")
    if len(wanted) > LONGEST:
        raise Incomplete(f"这条意见有 {len(wanted)} 个字，最多 {LONGEST} 个字，请删减。")
    if any(each.text == wanted for each in others):
        raise Incomplete("已有相同的常用意见，不必重复添加。")
    return wanted


def _number(own: Sequence[ReviewPhrase]) -> None:
    for order, phrase in enumerate(own, 1):
        if phrase.order != order:
            ReviewPhrase.objects.filter(pk=phrase.pk).update(order=order)


def _record(province: Province, actor: Account, action: str, now: datetime, **details: str) -> None:
    audit.record(
        stream=f"province:{province.code}",
        actor=actor.username,
        action=action,
        object=province.code,
        details=details,
        now=now,
    )
