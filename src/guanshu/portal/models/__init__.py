"""All models; the app's registry looks here."""

from guanshu.portal.models.accounts import Account, Role
from guanshu.portal.models.audit import AuditRecord, AuditStream
from guanshu.portal.models.campaign import Campaign, QuestionnaireVersion
from guanshu.portal.models.register import FreeStatus, Museum, MuseumLevel, MuseumStatus, Province
from guanshu.portal.models.report import Report, SaveRecord, TableAnswers

__all__ = [
    "Account",
    "AuditRecord",
    "AuditStream",
    "Campaign",
    "FreeStatus",
    "Museum",
    "MuseumLevel",
    "MuseumStatus",
    "Province",
    "QuestionnaireVersion",
    "Report",
    "Role",
    "SaveRecord",
    "TableAnswers",
]
