"""What the nation puts on the public home page: notices, contacts by subject, lines of the footer."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from guanshu.portal import audit
from guanshu.portal.models import Account, Campaign, Contact, FooterSetting, Notice, Role
from guanshu.portal.problems import Incomplete, NotYours, Unusable, WrongState
from guanshu.survey.values.base import ValueProblem
from guanshu.survey.values.contacts import EmailType

LONGEST_BODY = 5000
# The lines of the footer in their order; each is shown when it is filled in.
FOOTER = {
    "organiser": "主办单位",
    "operator": "承办单位",
    "icp": "ICP 备案",
    "police": "公网安备",
    "mail": "系统电子邮箱",
}
CONTACT_FIELDS = {"subject": "事项", "unit": "单位", "name": "联系人", "phone": "电话", "qq_group": "QQ 群"}
_LENGTHS = {"subject": 60, "unit": 60, "name": 40, "phone": 40, "qq_group": 20}


def publish_notice(*, actor: Account, title: str, body: str, published_on: date, now: datetime) -> Notice:
    """Put a notice on the home page from its day on. Raises NotYours, Incomplete."""
    _require_system(actor)
    _require(title, 100, "标题")
    _require(body, LONGEST_BODY, "正文")
    with transaction.atomic():
        notice = Notice.objects.create(title=title, body=body, published_on=published_on)
        _record(actor, "publish_notice", str(notice.pk), {"title": title, "on": published_on.isoformat()}, now)
    return notice


def withdraw_notice(*, actor: Account, notice: int, now: datetime) -> None:
    """Take a notice off the home page; it is kept. Raises NotYours, WrongState."""
    _require_system(actor)
    with transaction.atomic():
        if not Notice.objects.filter(pk=notice, withdrawn_at=None).update(withdrawn_at=now):
            raise WrongState("这条通知不存在或已经撤下，请刷新页面查看。")
        _record(actor, "withdraw_notice", str(notice), {}, now)


def keep_contact(
    *, actor: Account, campaign: Campaign, contact: int | None, fields: Mapping[str, str], now: datetime
) -> Contact:
    """Add a contact, or change one. Raises NotYours, Incomplete, WrongState."""
    _require_system(actor)
    wanted = {name: fields.get(name, "").strip() for name in CONTACT_FIELDS}
    _require(wanted["subject"], 60, "事项")
    if not (wanted["phone"] or wanted["qq_group"] or wanted["name"]):
        raise Incomplete("请至少填写联系人、电话、QQ 群中的一项。")
    for name, label in CONTACT_FIELDS.items():
        if len(wanted[name]) > _LENGTHS[name]:
            raise Incomplete(f"「{label}」最多 {_LENGTHS[name]} 个字。")
    with transaction.atomic():
        kept = _contact(campaign, contact)
        for name, value in wanted.items():
            setattr(kept, name, value)
        kept.save()
        # Who answers which subject; their names and numbers are on the home page, not in the trail.
        _record(actor, "keep_contact", str(kept.pk), {"year": campaign.year, "subject": kept.subject}, now)
    return kept


def remove_contact(*, actor: Account, campaign: Campaign, contact: int, now: datetime) -> None:
    """Take a contact off the list. Raises NotYours, WrongState."""
    _require_system(actor)
    with transaction.atomic():
        _contact(campaign, contact).delete()
        _record(actor, "remove_contact", str(contact), {"year": campaign.year}, now)


def _contact(campaign: Campaign, contact: int | None) -> Contact:
    if contact is None:
        return Contact(campaign=campaign, order=Contact.objects.filter(campaign=campaign).count())
    found = Contact.objects.filter(campaign=campaign, pk=contact).first()
    if found is None:
        raise WrongState("这条联系方式不存在或已经删除，请刷新页面查看。")
    return found


def set_footer(*, actor: Account, lines: Mapping[str, str], now: datetime) -> None:
    """Store the lines of the footer. Raises NotYours, Incomplete."""
    _require_system(actor)
    wanted = {key: lines.get(key, "").strip() for key in FOOTER}
    for key, value in wanted.items():
        if len(value) > 100:
            raise Incomplete(f"「{FOOTER[key]}」最多 100 个字。")
        if "\x00" in value:
            raise Unusable
    if wanted["mail"]:
        wanted["mail"] = _mail(wanted["mail"])
    with transaction.atomic():
        for key, value in wanted.items():
            FooterSetting.objects.update_or_create(key=key, defaults={"value": value})
        _record(actor, "set_footer", "footer", dict(wanted), now)


def _mail(text: str) -> str:
    try:
        return str(EmailType().read(text))
    except ValueProblem as problem:
        raise Incomplete(f"系统电子邮箱：{problem.message}") from None


def _require_system(actor: Account) -> None:
    if actor.role != Role.SYSTEM.value:
        raise NotYours


def _require(text: str, most: int, label: str) -> None:
    if not text:
        raise Incomplete(f"请填写{label}。")
    if len(text) > most:
        raise Incomplete(f"{label}有 {len(text)} 个字，最多 {most} 个字，请删减。")


def _record(actor: Account, action: str, what: str, details: Mapping[str, object], now: datetime) -> None:
    audit.record(stream="system", actor=actor.username, action=action, object=what, details=details, now=now)
