"""The errors operations raise. Each has a code for programs, an HTTP status, and a Chinese sentence for people."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from guanshu.survey.workflow.submission import Blocker


class OperationProblem(Exception):  # noqa: N818 - a refusal, not a fault
    """An operation that was refused. `code` and `status` belong to the class, `message` says what to do."""

    code: ClassVar[str] = "problem"
    status: ClassVar[int] = 400
    sentence: ClassVar[str] = "操作未能完成。"

    def __init__(self, message: str = "") -> None:
        self.message = message or self.sentence
        super().__init__(self.message)


class Unusable(OperationProblem):
    """The request cannot be understood as a whole (400)."""

    code = "unusable"
    sentence = "请求内容无法识别，未作任何改动。请刷新页面后重试。"


class TooLarge(OperationProblem):
    """The request is larger than anything the form could need (413)."""

    code = "too_large"
    status = 413
    sentence = "提交的内容过大，未作任何改动。"


class NotYours(OperationProblem):
    """The person may not do this, whatever the state (403)."""

    code = "not_yours"
    status = 403
    sentence = "您的账号不能进行此操作。"


class WrongState(OperationProblem):
    """The operation is not possible in this state (409)."""

    code = "wrong_state"
    status = 409
    sentence = "报表当前状态下不能进行此操作。"


class OtherDuty(OperationProblem):
    """A person would hold two of the three duties system, security and audit (409)."""

    code = "other_duty"
    status = 409
    sentence = (
        "该手机号的持有人已担任系统管理员、运维人员或安全审计员，三种职责不得由一人兼任，也不能有两个这样的账号。"
    )


class AlteredRequest(OperationProblem):
    """A request id was used again for other content (409)."""

    code = "altered_request"
    status = 409
    sentence = "这次提交与先前同一编号的提交内容不一致，未作任何改动。请刷新页面后重试。"


class Incomplete(OperationProblem):
    """Something the person must give with the action is missing or not right (422)."""

    code = "incomplete"
    status = 422
    sentence = "还缺少必要的内容，未作任何改动。"


class Blocked(OperationProblem):
    """The report cannot be handed in yet (422); `blockers` is everything there is to mend."""

    code = "blocked"
    status = 422

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        self.blockers = tuple(blockers)
        super().__init__(f"还有 {len(self.blockers)} 处问题需要处理，报表没有提交。请按所列各项修改后再提交。")


class NotReady(OperationProblem):
    """The filing cannot be handed in yet (422); `sentences` is everything there is to do first."""

    code = "not_ready"
    status = 422

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__(f"还有 {len(self.sentences)} 项没有完成，材料没有上报。请按清单逐项完成后再上报。")


class BadFile(OperationProblem):
    """The uploaded file cannot be taken; the sentence says what to do (422). `reason` is the content check's code."""

    code = "bad_file"
    status = 422
    sentence = "文件不能接收。"

    def __init__(self, message: str = "", *, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


class WrongCode(OperationProblem):
    """A code from a text message that does not fit (422); the sentence says how many tries are left."""

    code = "wrong_code"
    status = 422
    sentence = "验证码不正确，请核对后再输入。"


class InvalidForm(OperationProblem):
    """Fields of a form that cannot be taken (422); `problems` names each with a sentence."""

    code = "invalid_form"
    status = 422
    sentence = "有内容需要修改，没有提交。请按提示修改后再提交。"

    def __init__(self, problems: Mapping[str, str], message: str = "") -> None:
        self.problems = dict(problems)
        super().__init__(message)


class Busy(OperationProblem):
    """Too many want the same at once; nothing is wrong with the request (503)."""

    code = "busy"
    status = 503
    sentence = "现在登录的人太多，服务器一时处理不过来，请稍等几秒再试。"
