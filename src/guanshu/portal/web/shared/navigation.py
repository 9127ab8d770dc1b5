"""The links of the top bar, by role. A page whose address does not exist yet is left out."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from guanshu.portal.models import Role
from guanshu.portal.permissions import home_of


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation; `current` marks the page one is on, `count` what waits behind it."""

    label: str
    url: str
    current: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Links under one menu; without a label they stand side by side."""

    label: str
    links: tuple[Link, ...]

    @property
    def count(self) -> int:
        """Return how much waits behind all of them."""
        return sum(link.count for link in self.links)


_MUSEUM = (
    ("整份报表", "museum:review"),
    ("盖章扫描件", "museum:stamp"),
    ("填报记录", "museum:history"),
    ("本馆账号", "museum:account"),
    ("信息更正申请", "museum:corrections"),
)
_PROVINCE = (
    ("本省已建成科技馆账号信息", "province:accounts"),
    ("科技馆账号申请", "province:applications"),
    ("本省已建成科技馆填报审核", "province:review"),
    ("本省已建成科技馆填报状态", "province:status"),
    ("本省已建成科技馆数据查询", "province:data"),
    ("信息更正申请", "province:corrections"),
    ("报送材料", "province:materials"),
    ("信息上报", "province:submission"),
    ("市级查看账号", "province:city_accounts"),
    ("本省概况", "province:dashboard"),
    ("催报记录", "province:reminders"),
)
_OPERATIONS = (("账号查询与手机变更", "operations:home"),)
_NATIONAL = (
    ("全国填报进度", "national:home"),
    ("全部科技馆", "national:museums"),
    ("免报", "national:exemptions"),
    ("各省上报", "national:submissions"),
    ("名单汇总", "national:lists"),
    ("催报记录", "national:reminders"),
)
_SETTINGS = (
    ("采集年度设置", "national:campaign"),
    ("通知与联系方式", "national:notices"),
    ("表样与指导手册", "national:publications"),
)
_REQUESTS = (("科技馆账号申请", "national:applications"), ("信息更正申请", "national:corrections"))
_OFFICES = (*_REQUESTS, ("省级管理员（附件1）", "national:administrators"), ("全国级账号", "national:accounts"))
_CITY = (("本市科技馆填报状态", "city:museums"), ("催报记录", "city:reminders"))
_FREE = (("免费开放科技馆", "free:museums"), ("附件4–5", "free:lists"))
_AUDIT = (("审计记录", "audit:trail"), ("校验", "audit:verify"), ("封印", "audit:seals"))
_Pages = tuple[tuple[str, str], ...]
_MENUS: dict[str, tuple[tuple[str, _Pages], ...]] = {
    Role.PROVINCE.value: (("信息填报", _PROVINCE),),
    Role.OPERATIONS.value: (("", _OPERATIONS),),
    Role.SYSTEM.value: (("", _NATIONAL), ("采集设置", _SETTINGS), ("账号与名册", _OFFICES)),
    Role.NATIONAL_VIEWER.value: (("", _NATIONAL), ("账号与名册", _REQUESTS)),
    Role.CITY_VIEWER.value: (("", _CITY),),
    Role.FREE_REVIEWER.value: (("", _FREE),),
    Role.AUDITOR.value: (("", _AUDIT),),
}


def navigation(role: str, path: str, counts: Mapping[str, int] | None = None) -> list[Group]:
    """Return the groups of links a role sees on the page `path`; counts: what waits behind pages, by their names."""
    if home_of(role) == "/museum/":
        return [_museum(path)]
    groups = [Group(label, _links(pages, path, counts or {})) for label, pages in _MENUS.get(role, ())]
    return [group for group in groups if group.links]


def _links(pages: _Pages, path: str, counts: Mapping[str, int]) -> tuple[Link, ...]:
    return tuple(Link(text, url, path == url, counts.get(name, 0)) for text, name in pages if (url := _address(name)))


def _museum(path: str) -> Group:
    others = [(text, url) for text, name in _MUSEUM if (url := _address(name))]
    elsewhere = any(path.startswith(url) for _, url in others)
    links = [Link("信息填报", "/museum/", path.startswith("/museum/") and not elsewhere)]
    return Group("", (*links, *(Link(text, url, path.startswith(url)) for text, url in others)))


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
