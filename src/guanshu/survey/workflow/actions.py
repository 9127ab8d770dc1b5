"""The words of the report's workflow: what can be done, by whom, what it needs and what follows from it."""

from enum import Enum


class Actor(Enum):
    """Who acts. The values are those of the portal's roles; the nation is its system administrator."""

    FILLER = "filler"
    REVIEWER = "reviewer"
    PROVINCE = "province"
    NATION = "system"

    @property
    def label(self) -> str:
        """Return who this is, as sentences say it."""
        return _ACTORS[self]


_ACTORS = {
    Actor.FILLER: "本馆填报人",
    Actor.REVIEWER: "本馆审核人",
    Actor.PROVINCE: "省级科协管理员",
    Actor.NATION: "全国系统管理员",
}


class Action(Enum):
    """What can be done to a report; the values are kept in its history. `label` is the words on the button."""

    BEGIN = "begin"
    SUBMIT_IN_HOUSE = "submit_in_house"
    WITHDRAW = "withdraw"
    RETURN_TO_FILLER = "return_to_filler"
    PASS_IN_HOUSE = "pass_in_house"  # noqa: S105 - no password
    UPLOAD_STAMP = "upload_stamp"
    SUBMIT = "submit"
    WITHDRAW_SUBMISSION = "withdraw_submission"
    START_REVIEW = "start_review"
    APPROVE = "approve"
    RETURN = "return"
    REVOKE_APPROVAL = "revoke_approval"
    RECORD_UNFINISHED = "record_unfinished"
    DECLARE_EXEMPT = "declare_exempt"
    WITHDRAW_EXEMPT = "withdraw_exempt"
    REFUSE_EXEMPT = "refuse_exempt"
    NATIONAL_RETURN = "national_return"

    @property
    def label(self) -> str:
        """Return the words on the button and in the history."""
        return _LABELS[self]


_LABELS = {
    Action.BEGIN: "开始填报",
    Action.SUBMIT_IN_HOUSE: "提交馆内审核",
    Action.WITHDRAW: "撤回",
    Action.RETURN_TO_FILLER: "退回填报人",
    Action.PASS_IN_HOUSE: "馆内审核通过",
    Action.UPLOAD_STAMP: "上传盖章扫描件",
    Action.SUBMIT: "提交省级科协",
    Action.WITHDRAW_SUBMISSION: "撤回",
    Action.START_REVIEW: "开始审核",
    Action.APPROVE: "省级审核通过",
    Action.RETURN: "退回",
    Action.REVOKE_APPROVAL: "撤销审核通过（退回修改）",
    Action.RECORD_UNFINISHED: "记为未按期完成",
    Action.DECLARE_EXEMPT: "申报免报",
    Action.WITHDRAW_EXEMPT: "撤销免报",
    Action.REFUSE_EXEMPT: "不同意免报",
    Action.NATIONAL_RETURN: "全国退回修改",
}


class ReturnCategory(Enum):
    """Why a province returns a report; the value is the label."""

    WRONG = "错报"
    MISSING = "漏报"
    MATERIAL = "材料不符"
    STAMP = "盖章问题"
    OTHER = "其他"


class ExemptCategory(Enum):
    """Why a museum need not report; the value is the label."""

    CLOSED_DOWN = "撤销"
    MERGED = "合并"
    LONG_CLOSED = "长期闭馆且未纳入免费开放"
    OUT_OF_SCOPE = "不属统计范围"
    OTHER = "其他"


Category = ReturnCategory | ExemptCategory


class Need(Enum):
    """What an action asks for besides the right state: of the person (reason …) or of the report (clean, stamped)."""

    REASON = "reason"
    CATEGORY = "category"
    FILE = "file"
    DATE = "date"
    CLEAN = "clean"
    STAMP = "stamp"


class Effect(Enum):
    """What the operation does besides writing state and history."""

    FREEZE_VERSION = "freeze_version"
    ISSUE_RECEIPT = "issue_receipt"
    WRITE_FACTS = "write_facts"
    REMOVE_FACTS = "remove_facts"
    MARK_REVIEW_STARTED = "mark_review_started"
    CLEAR_REVIEW_STARTED = "clear_review_started"
    OPEN_WINDOW = "open_window"


class Target(Enum):
    """Where an action leads when that is no fixed state."""

    SAME = "same"
    BEFORE_REVIEW = "before_review"
    BEFORE_EXEMPT = "before_exempt"
