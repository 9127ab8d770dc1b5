"""The parts of a page that come back with every save, rendered by the page's own templates.

What a part shows is its key: most of the list of tables is the same from one save to the next, and rendering it was
half the time of an answer.
"""

from functools import lru_cache

from django.template.loader import render_to_string

from guanshu.portal.web.shared.entry.frame import NavGroup
from guanshu.portal.web.shared.entry.panel import Panel


def nav_html(groups: tuple[NavGroup, ...]) -> str:
    """Return the list of tables."""
    return "".join(_group_html(group) for group in groups)


@lru_cache(maxsize=1000)
def _group_html(group: NavGroup) -> str:
    return render_to_string("shared/entry/nav_group.html", {"group": group})


@lru_cache(maxsize=500)
def progress_html(state: str, label: str, complete: int, asked: int) -> str:
    """Return state and progress."""
    shown = {"state": state, "state_label": label, "complete": complete, "asked": asked}
    return render_to_string("shared/entry/progress.html", {"frame": shown})


@lru_cache(maxsize=100)
def panel_html(panel: Panel) -> str:
    """Return the findings beside a table."""
    return render_to_string("shared/entry/panel.html", {"panel": panel})
