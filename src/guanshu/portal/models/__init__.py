"""All models; the app's registry looks here."""

from guanshu.portal.models.accounts import DUTY_ROLES, PROVINCE_ROLES, Account, Role
from guanshu.portal.models.administrators import AdministratorCard, CardState
from guanshu.portal.models.audit import AuditRecord, AuditSeal, AuditStream, FailureCount
from guanshu.portal.models.campaign import Campaign, QuestionnaireVersion
from guanshu.portal.models.doors import (
    AccountSession,
    FailedLogin,
    RecoveryCode,
    ReportRemark,
    SecondFactor,
    UsedPassword,
)
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
from guanshu.portal.models.held import HeldFile, HeldScan, HeldState
from guanshu.portal.models.jobs import Job, JobState
from guanshu.portal.models.packages import Package, PackageSource
from guanshu.portal.models.people import AccountHolder, ContactLog, ContactResult, PhoneChange, PhoneChangeState
from guanshu.portal.models.publishing import Contact, FooterSetting, Notice
from guanshu.portal.models.register import FreeStatus, Museum, MuseumLevel, MuseumStatus, Province
from guanshu.portal.models.reminders import Reminder, ReminderState
from guanshu.portal.models.report import Report, SaveRecord, TableAnswers
from guanshu.portal.models.requests import Application, Correction, RegisterField
from guanshu.portal.models.resetting import CodeState, ResetCode, ResetGate
from guanshu.portal.models.review import (
    CellComment,
    Exemption,
    Extension,
    ReportLook,
    ReturnNote,
    ReviewPhrase,
    Waiver,
)
from guanshu.portal.models.sms import SmsChannel, SmsMessage, SmsState
from guanshu.portal.models.versions import IndicatorFact, ReportFact, ReportVersion, StampedScan

__all__ = [
    "DUTY_ROLES",
    "PROVINCE_ROLES",
    "Account",
    "AccountHolder",
    "AccountSession",
    "AdministratorCard",
    "Application",
    "AuditRecord",
    "AuditSeal",
    "AuditStream",
    "Campaign",
    "CardState",
    "CellComment",
    "CodeState",
    "Confirmation",
    "Contact",
    "ContactLog",
    "ContactResult",
    "Continuity",
    "Correction",
    "Exemption",
    "Extension",
    "FailedLogin",
    "FailureCount",
    "Fate",
    "Filing",
    "FilingAnswers",
    "FilingReturn",
    "FilingVersion",
    "FooterSetting",
    "FreeStatus",
    "HeldFile",
    "HeldScan",
    "HeldState",
    "IndicatorFact",
    "Job",
    "JobState",
    "Museum",
    "MuseumLevel",
    "MuseumStatus",
    "Notice",
    "Package",
    "PackageSource",
    "PhoneChange",
    "PhoneChangeState",
    "Province",
    "QuestionnaireVersion",
    "RecoveryCode",
    "RegisterField",
    "Reminder",
    "ReminderState",
    "Report",
    "ReportFact",
    "ReportLook",
    "ReportRemark",
    "ReportVersion",
    "ResetCode",
    "ResetGate",
    "ReturnNote",
    "ReviewPhrase",
    "Role",
    "SaveRecord",
    "SecondFactor",
    "SelfEvaluation",
    "SmsChannel",
    "SmsMessage",
    "SmsState",
    "StampedScan",
    "StoredFile",
    "TableAnswers",
    "UsedPassword",
    "Waiver",
]
