"""All models; the app's registry looks here."""

from guanshu.portal.models.accounts import Account, Role
from guanshu.portal.models.audit import AuditRecord, AuditSeal, AuditStream, FailedLogins
from guanshu.portal.models.campaign import Campaign, QuestionnaireVersion
from guanshu.portal.models.files import StoredFile
from guanshu.portal.models.filing import (
    Confirmation,
    Continuity,
    Fate,
    Filing,
    FilingAnswers,
    FilingReturn,
    FilingVersion,
    SelfEvaluation,
)
from guanshu.portal.models.jobs import Job, JobState
from guanshu.portal.models.packages import Package, PackageSource
from guanshu.portal.models.publishing import Contact, FooterSetting, Notice
from guanshu.portal.models.register import FreeStatus, Museum, MuseumLevel, MuseumStatus, Province
from guanshu.portal.models.reminders import Reminder, ReminderState
from guanshu.portal.models.report import Report, SaveRecord, TableAnswers
from guanshu.portal.models.review import (
    CellComment,
    Exemption,
    Extension,
    ReportLook,
    ReturnNote,
    ReviewPhrase,
    Waiver,
)
from guanshu.portal.models.sms import SmsMessage, SmsState
from guanshu.portal.models.versions import IndicatorFact, ReportFact, ReportVersion, StampedScan

__all__ = [
    "Account",
    "AuditRecord",
    "AuditSeal",
    "AuditStream",
    "Campaign",
    "CellComment",
    "Confirmation",
    "Contact",
    "Continuity",
    "Exemption",
    "Extension",
    "FailedLogins",
    "Fate",
    "Filing",
    "FilingAnswers",
    "FilingReturn",
    "FilingVersion",
    "FooterSetting",
    "FreeStatus",
    "IndicatorFact",
    "Job",
    "JobState",
    "Museum",
    "MuseumLevel",
    "MuseumStatus",
    "Notice",
    "Package",
    "PackageSource",
    "Province",
    "QuestionnaireVersion",
    "Reminder",
    "ReminderState",
    "Report",
    "ReportFact",
    "ReportLook",
    "ReportVersion",
    "ReturnNote",
    "ReviewPhrase",
    "Role",
    "SaveRecord",
    "SelfEvaluation",
    "SmsMessage",
    "SmsState",
    "StampedScan",
    "StoredFile",
    "TableAnswers",
    "Waiver",
]
