"""The page of 更换填报人/审核人, for the museum's own account and for its province."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guanshu.portal import clock
from guanshu.portal.domain.handing_over import replace_holder
from guanshu.portal.domain.wording import LONGEST_NAME, LONGEST_REASON, typed_day, typed_mobile, typed_text
from guanshu.portal.models import Account
from guanshu.portal.problems import Incomplete, OperationProblem
from guanshu.portal.queries.people import Person, person_of
from guanshu.portal.web.shared.reauth import confirm, is_confirmed
from guanshu.portal.web.shared.requests import account_of

_UNPROCESSABLE = 422


def said(account: Account) -> str:
    """Return what the page says once an account was handed over."""
    role = account.get_role_display()
    then = f"新{role}用登记的手机号码重置密码，或由省级科协发放新的账号通知单后登录。"
    return f"已更换{role}（{account.username}）。原密码作废，原有登录已全部退出；{then}"


def replace_page(request: HttpRequest, account: Account, *, template: str, back: str) -> HttpResponse | None:
    """Show the form (GET, or again with what is wrong), or hand the account over and return None."""
    problem = ""
    if request.method == "POST":
        try:
            _replace(request, account)
        except OperationProblem as error:
            if error.status != _UNPROCESSABLE:
                raise
            problem = error.message
        else:
            return None
    context = {
        "account": account,
        "person": person_of(account),
        "back": back,
        "problem": problem,
        "typed": request.POST if problem else {},
        "today": clock.today().isoformat(),
        "longest_name": LONGEST_NAME,
        "longest_reason": LONGEST_REASON,
        "confirmed": is_confirmed(request),
    }
    return render(request, template, context, status=_UNPROCESSABLE if problem else 200)


def _replace(request: HttpRequest, account: Account) -> None:
    posted, actor = request.POST, account_of(request)
    person = Person(
        typed_text(posted.get("name", ""), "姓名", limit=LONGEST_NAME), typed_mobile(posted.get("phone", ""))
    )
    on = typed_day(posted.get("on", ""), "更换日期", today=clock.today())
    reason = typed_text(posted.get("reason", ""), "原因", limit=LONGEST_REASON)
    wrong = confirm(request)
    if wrong:
        raise Incomplete(wrong)
    replace_holder(account=account, actor=actor, person=person, on=on, reason=reason, now=clock.now())
