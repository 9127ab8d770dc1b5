"""附件1: who administers each province; the only place that decrypts a card."""

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import cast

from guanshu.portal import crypto
from guanshu.portal.models import Account, AdministratorCard, AuditRecord, Campaign, CardState, Province, Role

PLACE = "administrator"
# The rows of 附件1 in its order; `unit` is the only one kept in the clear.
FIELDS = {
    "unit": "单位及部门",
    "name": "姓名",
    "gender": "性别",
    "title": "职务（职级）",
    "office_phone": "办公电话",
    "mobile": "手机",
    "email": "电子邮箱",
}
GENDERS = {"男": "男", "女": "女"}


@dataclass(frozen=True, slots=True)
class Details:
    """What a card says, in the order of 附件1."""

    unit: str = ""
    name: str = field(default="", repr=False)
    gender: str = field(default="", repr=False)
    title: str = field(default="", repr=False)
    office_phone: str = field(default="", repr=False)
    mobile: str = field(default="", repr=False)
    email: str = field(default="", repr=False)

    def sealed(self, address: str) -> dict[str, str]:
        """Return everything but the unit, encrypted for one card."""
        plain = {name: value for name, value in asdict(self).items() if name != "unit"}
        return crypto.encrypt(plain, report=PLACE, address=address)

    def differing(self, other: "Details") -> list[str]:
        """Return the names of the fields that differ."""
        return [each.name for each in fields(self) if getattr(self, each.name) != getattr(other, each.name)]


def address_of(card: AdministratorCard) -> str:
    """Return what a card is known by: `2022-130000`."""
    return f"{card.campaign.year}-{card.province.code}"


def stream_of(card: AdministratorCard) -> str:
    """Return the stream in which a card's history is kept."""
    return f"administrator:{address_of(card)}"


def details_of(card: AdministratorCard | None) -> Details:
    """Return what a card says; blank for none, and where the record cannot be read."""
    if card is None or not crypto.is_encrypted(card.sealed):
        return Details()
    try:
        plain = crypto.decrypt(card.sealed, report=PLACE, address=address_of(card))
    except crypto.Undecipherable:
        return Details(unit=card.unit)
    return Details(unit=card.unit, **cast("dict[str, str]", plain))


def card_of(province: Province, campaign: Campaign) -> AdministratorCard | None:
    """Return a province's card of a campaign, None when it was never entered."""
    found = AdministratorCard.objects.select_related("province", "campaign")
    return found.filter(province=province, campaign=campaign).first()


def account_of(province: Province) -> Account | None:
    """Return the province's administrator account (附件3)."""
    return Account.objects.filter(role=Role.PROVINCE.value, province=province).first()


@dataclass(frozen=True, slots=True)
class CardRow:
    """One province in the nation's list."""

    province: Province
    card: AdministratorCard | None
    account: Account | None

    @property
    def state(self) -> CardState:
        """Return 未填报, 已填报 or 已确认."""
        return CardState(self.card.state) if self.card is not None else CardState.EMPTY


def card_rows(campaign: Campaign) -> list[CardRow]:
    """Return all units in the order of 附件3, each with its card and account."""
    cards = {card.province_id: card for card in AdministratorCard.objects.filter(campaign=campaign)}
    accounts = {account.province_id: account for account in Account.objects.filter(role=Role.PROVINCE.value)}
    return [CardRow(unit, cards.get(unit.pk), accounts.get(unit.pk)) for unit in Province.objects.all()]


_WORDS = {
    "enter_card": "填写",
    "confirm_card": "电话确认",
    "give_password": "发放初始密码",
    "reveal_card": "查看个人信息",
    "export_card": "导出 Word",
}


@dataclass(frozen=True, slots=True)
class CardEvent:
    """One line of a card's history."""

    at: datetime
    action: str
    actor: str
    role: str
    about: str


def card_history(card: AdministratorCard | None) -> list[CardEvent]:
    """Return what happened to a card, newest first; it names fields, never what was in them."""
    if card is None:
        return []
    records = AuditRecord.objects.filter(stream=stream_of(card), action__in=_WORDS).order_by("-seq")
    return [_event(record) for record in records]


def _event(record: AuditRecord) -> CardEvent:
    role = record.details.get("role", "")
    about = "、".join(FIELDS.get(name, name) for name in record.details.get("changed", ()))
    label = str(Role(role).label) if role in Role.values else ""
    return CardEvent(record.at, _WORDS[record.action], record.actor, label, about)
