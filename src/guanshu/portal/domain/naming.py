"""What kept files are called when somebody downloads them; their bytes lie under a UUID whatever the name is."""

import unicodedata

from guanshu.portal.models import Report, StoredFile
from guanshu.survey.definition.model import Questionnaire

# The notice gives two names; other files are called by their label.
_BY_ROLE = {"annual_summary": "年度工作总结", "free_report": "年度免费工作报告"}
# Windows refuses these; the full-width ones read the same.
_UNSAFE = str.maketrans('/\\:*?"<>|', "／＼：＊？＂＜＞｜")
# A name of 255 bytes is the most Linux and macOS take; zip programs add a folder.
_MOST_BYTES = 200


def role_of(questionnaire: Questionnaire, purpose: str) -> str:
    """Return the role of a file cell (annual_summary, free_report), "" when it has none."""
    return next((role for role in _BY_ROLE if questionnaire.roles.get(role) == purpose), "")


def official_name(report: Report, questionnaire: Questionnaire, purpose: str, suffix: str) -> str:
    """Return 「{馆名}{年}年度工作总结.docx」 and its like, safe on every disk."""
    year = report.campaign.year
    if purpose == StoredFile.STAMP:
        title = f"{year}年度报表（盖章扫描件）"
    elif purpose == StoredFile.EXEMPTION:
        title = f"{year}年度免报说明"
    else:
        role = role_of(questionnaire, purpose)
        title = f"{year}{_BY_ROLE[role]}" if role else f"{year}年度{questionnaire.cells[purpose].label}"
    return safe_name(report.museum.name, title, suffix)


def safe_name(museum: str, title: str, suffix: str) -> str:
    """Return a file name of a museum's name, a title and a suffix; a museum's name that is too long is shortened."""
    museum, title = _clean(museum), _clean(title)
    most = _MOST_BYTES - len(f"{title}{suffix}…".encode())
    if len(museum.encode()) > most:
        museum = museum.encode()[: max(most, 0)].decode("utf-8", "ignore") + "…"
    return f"{museum}{title}{suffix}".lstrip(". ") or f"file{suffix}"


def _clean(text: str) -> str:
    # Letters, marks, numbers, signs and plain spaces; nothing that cannot be seen or that turns the text around.
    seen = (
        char for char in unicodedata.normalize("NFC", text) if char == " " or unicodedata.category(char)[0] in "LMNPS"
    )
    return "".join(seen).translate(_UNSAFE).strip(" ")


def shown_name(name: str) -> str:
    """Return the uploader's name of a file as the row keeps it: the last part, printable, at most 200 characters."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    clean = "".join(char for char in last if char.isprintable()).strip()
    return clean if len(clean) <= 200 else f"{clean[:180]}…{clean[-19:]}"
