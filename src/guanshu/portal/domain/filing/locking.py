"""The lock of everything below a filing, and who may work on it."""

from guanshu.portal import clock
from guanshu.portal.access import filings
from guanshu.portal.models import Account, Filing, Role
from guanshu.portal.problems import NotYours, WrongState
from guanshu.survey.workflow.filingstates import FILING_EDITABLE, FilingState


def lock_filing(filing: Filing) -> Filing:
    """Return the filing as its locked row says, with province and campaign; the caller is in a transaction."""
    return filings().select_for_update(of=("self",), no_key=True).get(pk=filing.pk)


def check_administrator(filing: Filing, actor: Account) -> None:
    """Raise NotYours for anybody but the administrator of the filing's province."""
    if actor.role != Role.PROVINCE.value or actor.province_id != filing.province_id or not actor.is_active:
        raise NotYours("只有本省科协管理员的账号可以填写和修改报送材料。")


def check_editable(filing: Filing) -> None:
    """Raise WrongState when the lists cannot be changed now, with the sentence of refusal()."""
    sentence = refusal(filing)
    if sentence:
        raise WrongState(sentence)


def refusal(filing: Filing) -> str:
    """Return why the lists cannot be changed now, "" when they can."""
    campaign, state = filing.campaign, FilingState(filing.state)
    if campaign.closed:
        return f"{campaign.year} 年度已经结束，报送材料只能查看。"
    if clock.today() < campaign.opens_on:
        return f"{campaign.year} 年度的填报将于 {campaign.opens_on:%Y年%-m月%-d日} 开始。"
    if state not in FILING_EDITABLE:
        return f"报送材料当前为「{state.label}」状态，不能修改。"
    return ""
