"""What everybody may take from the home page: the form to be filled in by hand, and the guide to it."""

import base64
import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage

from guanshu.portal.domain.making import make_and_keep
from guanshu.portal.domain.naming import safe_name
from guanshu.portal.models import Campaign, QuestionnaireVersion, StoredFile
from guanshu.portal.queries.connections import give_back_connection
from guanshu.portal.queries.files import key_of
from guanshu.portal.queries.forms import compiled
from guanshu.portal.queries.officialfiles import current_officials, purpose_of
from guanshu.survey.documents.guide.content import Dates, Guide, make_guide, title
from guanshu.survey.workflow.scanning import ScanPages

FORM, GUIDE = "form", "guide"
# Which documents there are, in which formats.
FORMATS: Mapping[str, tuple[str, ...]] = {GUIDE: ("pdf",), FORM: ("pdf", "docx", "xlsx")}
_LABELS = {"pdf": "PDF", "docx": "Word", "xlsx": "Excel"}
_JOBS = {FORM: "blank_form", GUIDE: "guide"}
# Whoever comes while a document is being made waits for it instead of making it too.
_making = threading.Lock()


@dataclass(frozen=True, slots=True)
class Format:
    """One format of a publication; `official` is the nation's own file that stands in its place."""

    suffix: str
    label: str
    official: StoredFile | None


@dataclass(frozen=True, slots=True)
class Publication:
    """A document of the home page: what it is, its title, and its formats."""

    kind: str
    title: str
    formats: tuple[Format, ...]

    @property
    def official(self) -> bool:
        """Return whether an official file stands in place of any of them."""
        return any(each.official for each in self.formats)


def publications(campaign: Campaign) -> list[Publication]:
    """Return what there is for a campaign."""
    officials = current_officials(campaign)

    def format_of(kind: str, suffix: str) -> Format:
        return Format(suffix, _LABELS[suffix], officials.get(purpose_of(kind, suffix)))

    return [
        Publication(kind, _title(kind, campaign), tuple(format_of(kind, each) for each in formats))
        for kind, formats in FORMATS.items()
    ]


def label_of(campaign: Campaign, kind: str, suffix: str) -> str:
    """Return what a publication in one format is called."""
    return f"{_title(kind, campaign)}（{_LABELS[suffix]}）"


def guide_of(campaign: Campaign) -> Guide:
    """Return the guide to a campaign's form, for a page."""
    return _guide(campaign.questionnaire_id, campaign.year, _dates(campaign), ScanPages(campaign.scan_pages))


@lru_cache(maxsize=4)
def _guide(version: int, year: int, dates: Dates, scanned: ScanPages) -> Guide:
    return make_guide(compiled(version), year, dates, scanned)


def publication_file(*, campaign: Campaign, kind: str, suffix: str) -> tuple[str, bytes]:
    """Return a document's name and bytes; the official file's when there is one, else it is made when first asked for.

    Raises KeyError, OutsideFailed, FileNotFoundError when the official file's bytes are lost.
    """
    if suffix not in FORMATS[kind]:
        raise KeyError(suffix)
    official = current_officials(campaign).get(purpose_of(kind, suffix))
    if official is not None:
        with default_storage.open(key_of(official.pk)) as file:
            return official.official_name, file.read()
    given = _given(campaign, kind, suffix)
    path = _path(kind, suffix, given)
    name = safe_name("", f"{campaign.year}年度{_title(kind, campaign)}", f".{suffix}")
    if not path.is_file():
        give_back_connection()
        with _making:
            return name, path.read_bytes() if path.is_file() else make_and_keep(path, _JOBS[kind], given)
    return name, path.read_bytes()


def _title(kind: str, campaign: Campaign) -> str:
    form = compiled(campaign.questionnaire_id).questionnaire
    return title(form) if kind == GUIDE else form.title


def _dates(campaign: Campaign) -> Dates:
    return Dates(
        opens_on=campaign.opens_on,
        museum_due=campaign.museum_due,
        province_review_due=campaign.province_review_due,
        province_submit_due=campaign.province_submit_due,
    )


def _given(campaign: Campaign, kind: str, suffix: str) -> dict[str, Any]:
    archive = QuestionnaireVersion.objects.values_list("archive", flat=True).get(pk=campaign.questionnaire_id)
    given: dict[str, Any] = {"year": campaign.year, "questionnaire": base64.b64encode(bytes(archive)).decode()}
    if kind == FORM:
        return given | {"kind": suffix}
    dates = {name: day.isoformat() for name, day in asdict(_dates(campaign)).items()}
    return given | {"dates": dates, "scanned": campaign.scan_pages}


def _path(kind: str, suffix: str, given: Mapping[str, Any]) -> Path:
    """Return where a document is kept: another form, another date or another release is another file."""
    digest = hashlib.sha256(json.dumps([settings.BUILD, given], sort_keys=True).encode()).hexdigest()
    return Path(str(settings.GUANSHU_VERSIONS)) / f"{kind}-{digest[:24]}.{suffix}"
