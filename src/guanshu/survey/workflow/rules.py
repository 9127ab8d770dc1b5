"""What may be done to a report now, and if not, why not and what to do instead."""

from dataclasses import dataclass, field
from datetime import date

from guanshu.survey.workflow.actions import Action, Actor, Category, ExemptCategory, Need, ReturnCategory
from guanshu.survey.workflow.history import Past
from guanshu.survey.workflow.report import TRANSITIONS, performs
from guanshu.survey.workflow.states import State, status

LONGEST_REASON = 500
# This long before the deadline, whoever takes a submission back is warned with emphasis.
_NEAR = 3

# What a province has filed does not change behind its back: this waits until the filing is withdrawn or returned.
HELD_WHILE_FILED = frozenset(
    {
        Action.SUBMIT,
        Action.APPROVE,
        Action.REVOKE_APPROVAL,
        Action.DECLARE_EXEMPT,
        Action.WITHDRAW_EXEMPT,
        Action.REFUSE_EXEMPT,
        Action.NATIONAL_RETURN,
    }
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules read besides the state.

    today: the business day in Shanghai; deadline: this museum's last day for the first submission, extension
    included; window_until: last day of the window of the last return; stamp_uploaded: whether there is a scan at all,
    stamp_current: whether it is of the version that is now frozen; free: whether the museum is in the free-opening
    programme this year; closed: whether the year is history; filed: whether the province's 信息上报 is with the nation.
    """

    today: date
    deadline: date
    past: Past = field(default_factory=Past)
    window_until: date | None = None
    stamp_uploaded: bool = False
    stamp_current: bool = False
    free: bool = False
    closed: bool = False
    filed: bool = False


def allowed(state: State, actor: Actor, facts: Facts) -> tuple[Action, ...]:
    """Return the actions to offer this actor now, in the order of the table.

    What Need.CLEAN asks for (`submission.blockers`) is not looked at: 提交馆内审核 is offered and tells what is left.
    """
    return tuple(
        action
        for action, line in TRANSITIONS.items()
        if not line.automatic and not refusal(action, state, actor, facts)
    )


def refusal(action: Action, state: State, actor: Actor, facts: Facts) -> str:
    """Return why the actor may not do this now and what to do instead; "" when it may be done."""
    line = TRANSITIONS[action]
    if not performs(actor, action):
        who = "或".join(person.label for person in Actor if person in line.actors)
        return f"「{action.label}」只能由{who}操作，您的账号不能进行此操作。"
    if facts.closed:
        return "本年度的数据采集已经结束，报表不能再变动。"
    if action is Action.DECLARE_EXEMPT and facts.past.first_submitted:
        return "本馆本年度已经提交过报表，不能再申报免报。数据有问题的，请退回该馆修改。"
    if state not in line.sources:
        return _wrong_state(action, state, facts.past)
    if facts.filed and action in HELD_WHILE_FILED:
        return _HELD[actor].format(action.label)
    return _condition(action, facts)


_HELD = {
    Actor.FILLER: "本省已上报，报表暂不能变动。",
    Actor.REVIEWER: "本省已上报，暂不能进行「{}」。请联系省级科协撤回上报，或由全国退回本省上报材料后再操作。",
    Actor.PROVINCE: "本省已上报，须先撤回上报或由全国退回，才能进行「{}」。",
    Actor.NATION: "该省已上报。请先在「各省上报」中退回该省的上报材料，再进行「{}」。",
}


def _wrong_state(action: Action, state: State, past: Past) -> str:
    now = status(state, returned=past.returned)
    if TRANSITIONS[action].target is state:
        return f"报表已经是「{now}」状态，可能已在其他窗口或由其他人操作过，请刷新页面查看。"
    return f"报表当前为「{now}」状态，不能进行「{action.label}」。{_ADVICE[state]}"


_ADVICE = {
    State.NOT_STARTED: "报表还没有填写，请填报人先填写数据。",
    State.FILLING: "请填报人填写完成后提交馆内审核。",
    State.IN_REVIEW: "请等待审核人审核；填报人需要修改的，可以先撤回。",
    State.RETURNED_IN_HOUSE: "请填报人修改后重新提交馆内审核。",
    State.AWAITING_STAMP: "请上传盖章扫描件后由审核人提交省级科协；需要修改的，请审核人退回填报人。",
    State.SUBMITTED: "报表正在等待省级科协审核；需要修改的，请联系省级科协退回。",
    State.RETURNED_BY_PROVINCE: "请填报人按退回意见修改后重新提交馆内审核。",
    State.APPROVED: "报表已由省级科协审核通过；需要修改的，请联系省级科协撤销审核通过。",
    State.EXEMPT: "本馆本年度免报；需要填报的，请省级科协先撤销免报。",
}


def _condition(action: Action, facts: Facts) -> str:
    match action:
        case Action.SUBMIT:
            return _submission(facts)
        case Action.WITHDRAW_SUBMISSION if facts.past.review_started:
            return "省级科协已经开始审核，不能撤回。需要修改的，请联系省级科协退回。"
        case Action.START_REVIEW if facts.past.review_started:
            return "这份报表已经开始审核，不必重复操作，请直接审核。"
        case Action.RECORD_UNFINISHED:
            return _unfinished(facts)
        case _:
            return ""


def _submission(facts: Facts) -> str:
    if not facts.past.first_submitted and facts.today > facts.deadline:
        return f"填报截止日期（{day(facts.deadline)}）已过，不能提交。请联系省级科协办理延期，延期后再提交。"
    if not facts.stamp_uploaded:
        return "还没有上传盖章扫描件。请下载报表 PDF，打印、签字并盖章后上传扫描件，再提交省级科协。"
    if not facts.stamp_current:
        return "盖章后报表内容有改动，原来的扫描件已失效。请重新下载报表 PDF，打印、签字、盖章并上传后再提交。"
    return ""


def _unfinished(facts: Facts) -> str:
    if not facts.past.returned:
        return "「未按期完成」只用于退回后没有按期重新提交的报表，这份报表没有被退回过。"
    if facts.past.unfinished:
        return "这份报表已经记为「未按期完成」，不必重复操作。"
    if facts.window_until is not None and facts.today <= facts.window_until:
        return f"该馆的修改期限到 {day(facts.window_until)} 为止，期满仍未重新提交的才能记为「未按期完成」。"
    return ""


@dataclass(frozen=True, slots=True)
class WithdrawalWarning:
    """What taking back the first submission means for the deadline; `near` when it is close, `passed` when over."""

    sentence: str
    near: bool = False
    passed: bool = False


def withdrawal_warning(facts: Facts) -> WithdrawalWarning | None:
    """Return what to warn of before 撤回 of a submission; None when the deadline matters no more (after a return)."""
    if facts.past.returned:
        return None
    last = day(facts.deadline)
    if facts.today > facts.deadline:
        return WithdrawalWarning(
            f"填报截止日期（{last}）已过，撤回后不能再提交，本馆将列为「逾期未报」，须由省级科协办理延期后才能重新提交。",
            passed=True,
        )
    sentence = f"撤回后请在 {last} 24:00 前重新提交，截止日期后不能再提交。"
    return WithdrawalWarning(sentence, near=(facts.deadline - facts.today).days <= _NEAR)


@dataclass(frozen=True, slots=True)
class Given:
    """What the person gave with an action: reason, category, a file, the last day of a window.

    `confirmed`: whether a warning that asks for it was ticked.
    """

    reason: str = ""
    category: Category | None = None
    has_file: bool = False
    until: date | None = None
    confirmed: bool = False


def lacking(action: Action, given: Given, facts: Facts) -> str:
    """Return what the person still has to give for an action, or has to give differently; "" when all is there."""
    line = TRANSITIONS[action]
    if line.categories is not None and not isinstance(given.category, line.categories):
        return f"请选择{_KINDS[line.categories]}。"
    if given.category is ExemptCategory.LONG_CLOSED and facts.free:
        return "该馆已纳入本年度免费开放范围，不能以「长期闭馆且未纳入免费开放」为由免报。请核对后另选原因。"
    other = given.category in {ReturnCategory.OTHER, ExemptCategory.OTHER}
    if (line.needs_reason or other) and not given.reason.strip():
        return "请写明具体原因。" if other else f"请写明「{action.label}」的原因。"
    if len(given.reason) > LONGEST_REASON:
        return f"原因有 {len(given.reason)} 个字，最多 {LONGEST_REASON} 个字，请删减。"
    if Need.FILE in line.needs and not given.has_file:
        return "请上传盖章扫描件。" if action is Action.UPLOAD_STAMP else "请上传证明材料。"
    if Need.DATE in line.needs and given.until is None:
        return "请指定重新提交的截止日期。"
    if given.until is not None and given.until < facts.today:
        return f"重新提交的截止日期不能早于今天（{day(facts.today)}）。"
    return _unconfirmed(action, given, facts)


def _unconfirmed(action: Action, given: Given, facts: Facts) -> str:
    """Return what must be ticked first: a first submission taken back after the deadline cannot be made again."""
    warning = withdrawal_warning(facts) if action is Action.WITHDRAW_SUBMISSION else None
    if warning is None or not warning.passed or given.confirmed:
        return ""
    return f"{warning.sentence}确定要撤回的，请勾选确认后再操作。"


_KINDS = {ReturnCategory: "退回原因类别", ExemptCategory: "免报原因"}


def day(when: date) -> str:
    """Return a date as sentences say it: 2023年2月10日."""
    return f"{when.year}年{when.month}月{when.day}日"
