"""Template filters every audience uses."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def thousands(value: int | None) -> str:
    """Return a count with thousands separators; nothing stays nothing."""
    return "" if value is None else f"{value:,}"


@register.filter
def get(found: Mapping[str, object], key: str) -> object:
    """Return what stands under a key, nothing when nothing does."""
    return found.get(key, "") if found else ""
