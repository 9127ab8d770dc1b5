"""The links of the top bar, by role. A page whose address does not exist yet is left out."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from guanshu.portal.models import Role
from guanshu.portal.permissions import home_of


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation; `current` marks the page one is on."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Links under one menu; without a label they stand side by side."""

    label: str
    links: tuple[Link, ...]


_MUSEUM = (("整份报表", "museum:review"), ("盖章扫描件", "museum:stamp"), ("填报记录", "museum:history"))
_PROVINCE = (
    ("本省已建成科技馆账号信息", "province:accounts"),
    ("本省已建成科技馆填报审核", "province:review"),
    ("本省已建成科技馆填报状态", "province:status"),
    ("本省已建成科技馆数据查询", "province:data"),
    ("报送材料", "province:materials"),
    ("信息上报", "province:submission"),
    ("本省概况", "province:dashboard"),
    ("催报记录", "province:reminders"),
)
_NATIONAL = (
    ("全国填报进度", "national:home"),
    ("全部科技馆", "national:museums"),
    ("免报", "national:exemptions"),
    ("各省上报", "national:submissions"),
    ("名单汇总", "national:lists"),
    ("催报记录", "national:reminders"),
)
_SYSTEM = (*_NATIONAL, ("采集年度设置", "national:campaign"), ("通知与联系方式", "national:notices"))
_AUDIT = (("审计记录", "audit:trail"), ("校验", "audit:verify"), ("封印", "audit:seals"))
_MENUS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    Role.PROVINCE.value: ("信息填报", _PROVINCE),
    Role.SYSTEM.value: ("", _SYSTEM),
    Role.NATIONAL_VIEWER.value: ("", _NATIONAL),
    Role.AUDITOR.value: ("", _AUDIT),
}


def navigation(role: str, path: str) -> list[Group]:
    """Return the groups of links a role sees on the page `path`."""
    if home_of(role) == "/museum/":
        return [_museum(path)]
    label, pages = _MENUS.get(role, ("", ()))
    links = tuple(Link(text, url, path == url) for text, name in pages if (url := _address(name)))
    return [Group(label, links)] if links else []


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
