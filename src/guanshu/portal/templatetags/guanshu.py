"""Template filters every audience uses."""

from django import template

register = template.Library()


@register.filter
def thousands(value: int | None) -> str:
    """Return a count with thousands separators; nothing stays nothing."""
    return "" if value is None else f"{value:,}"
