"""The nation's own files that stand in place of the generated form and guide of a campaign."""

from guanshu.portal.models import Campaign, StoredFile


def purpose_of(kind: str, suffix: str) -> str:
    """Return the purpose of a stored file that stands for a publication in one format."""
    return f"-{kind}.{suffix}"


def current_officials(campaign: Campaign) -> dict[str, StoredFile]:
    """Return the official files in force, by purpose."""
    return {row.purpose: row for row in StoredFile.objects.filter(campaign=campaign, superseded_at=None)}


def official_versions(campaign: Campaign) -> list[StoredFile]:
    """Return all official files a campaign ever had, newest first."""
    return list(StoredFile.objects.filter(campaign=campaign).order_by("-uploaded_at", "-serial"))
