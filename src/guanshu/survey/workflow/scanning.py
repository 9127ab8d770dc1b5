"""Which pages of the printed report must come back stamped and scanned: a setting of the campaign."""

from enum import Enum


class ScanPages(Enum):
    """The setting; `label` is what the pages call it."""

    ALL = "all"
    SIGNED = "signed"

    @property
    def label(self) -> str:
        """Return the setting's name."""
        return {ScanPages.ALL: "全部页面", ScanPages.SIGNED: "封面及签章页"}[self]
