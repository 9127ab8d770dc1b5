"""附件1 of one province on a page of the nation's or of its own: masked until somebody looks, which is recorded."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse

from guanshu.portal import clock
from guanshu.portal.domain.offices.administrator_papers import export_card
from guanshu.portal.domain.offices.administrators import enter_card, reveal_card
from guanshu.portal.models import AdministratorCard, Campaign, CardState, Province
from guanshu.portal.problems import WrongState
from guanshu.portal.queries.administrators import FIELDS, GENDERS, account_of, card_history, card_of
from guanshu.portal.web.shared.asking import typed_in
from guanshu.portal.web.shared.handing import handed_out
from guanshu.portal.web.shared.requests import account_of as actor_of

_MASKED = ("name", "gender", "title", "office_phone", "email")


def card_context(
    province: Province,
    campaign: Campaign,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return what the page shows; `typed`: the form with these values, for whoever looked or typed wrong."""
    card = card_of(province, campaign)
    told = problems or {}
    return {
        "province": province,
        "campaign": campaign,
        "card": card,
        "state": CardState(card.state) if card else CardState.EMPTY,
        "account": account_of(province),
        "history": card_history(card),
        "facts": _facts(card) if card else [],
        "editing": typed is not None or (card is None and not campaign.closed),
        "fields": [(name, label, (typed or {}).get(name, ""), told.get(name, "")) for name, label in FIELDS.items()],
        "genders": list(GENDERS),
        "problems": told,
        "seen": card.filled_at.isoformat() if card and card.filled_at else "",
    }


def _facts(card: AdministratorCard) -> list[tuple[str, str]]:
    shown = {"unit": card.unit, "mobile": card.phone_shown, **dict.fromkeys(_MASKED, "＊＊＊")}
    return [(label, shown[name]) for name, label in FIELDS.items()]


def entered(request: HttpRequest, province: Province, campaign: Campaign) -> AdministratorCard:
    """Store what was posted. Raises what `enter_card` raises."""
    typed = typed_in(request, FIELDS)
    return enter_card(province=province, campaign=campaign, actor=actor_of(request), typed=typed, now=clock.now())


def revealed(request: HttpRequest, province: Province, campaign: Campaign) -> dict[str, str]:
    """Return what the card says, for the form. Raises WrongState when there is none."""
    card = _existing(province, campaign)
    return asdict(reveal_card(card=card, actor=actor_of(request), now=clock.now()))


def handed_word(request: HttpRequest, province: Province, campaign: Campaign) -> HttpResponse:
    """Hand out the Word file. Raises WrongState when the card was never entered."""
    file = export_card(card=_existing(province, campaign), actor=actor_of(request), now=clock.now())
    return handed_out(file.data, file.name)


def _existing(province: Province, campaign: Campaign) -> AdministratorCard:
    card = card_of(province, campaign)
    if card is None:
        raise WrongState(f"{province.name}的信息采集表还没有填报。")
    return card
