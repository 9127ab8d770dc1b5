"""Which reports an export holds, opened one by one."""

from collections.abc import Iterator

from guanshu.portal.access import reports
from guanshu.portal.models import Campaign, Province, Report
from guanshu.portal.problems import Unusable
from guanshu.portal.queries.reports import OpenReport, open_report


def find_province(digits: str) -> Province:
    """Return the unit whose account begins with these two digits (兵团: 66). Raises Unusable."""
    found = Province.objects.filter(code__startswith=digits) if digits.isdecimal() and len(digits) == 2 else None
    province = found.first() if found is not None else None
    if province is None:
        raise Unusable(f"没有代码为「{digits}」的省级单位，应为省级账号的前两位数字，如 13。")
    return province


def find_campaign(year: int) -> Campaign:
    """Return the campaign of a year. Raises Unusable."""
    campaign = Campaign.objects.filter(year=year).first()
    if campaign is None:
        raise Unusable(f"系统中没有 {year} 年度的数据。")
    return campaign


def exported_reports(campaign: Campaign, province: Province | None, *, free: bool) -> list[Report]:
    """Return the campaign's reports in the order of 附件3 and of museum codes."""
    found = reports().filter(campaign=campaign).order_by("museum__province__order", "museum__code")
    if province is not None:
        found = found.filter(museum__province=province)
    return list(found.filter(museum__free_years__year=campaign.year) if free else found)


def opened(found: list[Report]) -> Iterator[OpenReport]:
    """Yield the reports opened, without keeping them."""
    for report in found:
        yield open_report(report)
