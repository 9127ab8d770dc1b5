"""Changing a number on request: asked, approved or refused by a second person, recalled."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from guanshu.portal import clock
from guanshu.portal.access import access_account
from guanshu.portal.domain.phonechanges import (
    approve_phone_change,
    recall_phone_change,
    refuse_phone_change,
    request_phone_change,
)
from guanshu.portal.domain.wording import LONGEST_REASON, typed_mobile, typed_text
from guanshu.portal.models import PhoneChange, PhoneChangeState
from guanshu.portal.problems import Incomplete, OperationProblem
from guanshu.portal.queries.phonechanges import change_of
from guanshu.portal.web.operations.views import account_page, found_account, see_account
from guanshu.portal.web.shared.reauth import FIELD, confirm
from guanshu.portal.web.shared.requests import account_of

_UNPROCESSABLE = 422


@sensitive_post_parameters(FIELD)
@require_POST
def change(request: HttpRequest, username: str) -> HttpResponse:
    """Change the number, or ask a second person to; the password is asked again first."""
    found, posted = found_account(request, username), request.POST
    try:
        phone = typed_mobile(posted.get("phone", ""), "新手机号码")
        reason = typed_text(posted.get("reason", ""), "申请原因", limit=LONGEST_REASON)
        wrong = confirm(request)
        if wrong:
            raise Incomplete(wrong)
        made = request_phone_change(
            account=found, actor=account_of(request), phone=phone, reason=reason, now=clock.now()
        )
    except OperationProblem as problem:
        if problem.status != _UNPROCESSABLE:
            raise
        return account_page(request, found, problem.message)
    if made.state == PhoneChangeState.DONE.value:
        messages.success(request, f"{username}：手机号码已变更，已短信告知新旧号码；24 小时内可以撤回。")
    else:
        messages.success(request, f"{username}：已提出变更，须由另一位运维人员批准后生效。")
    return see_account(found)


@require_POST
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve what another person asked for."""
    found = _found(request, pk)
    approve_phone_change(change=found, actor=account_of(request), now=clock.now())
    messages.success(request, f"{found.account.username}：已批准，手机号码已变更，已短信告知新旧号码。")
    return see_account(found.account)


@require_POST
def refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Refuse what another person asked for, with a reason."""
    found = _found(request, pk)
    answer = typed_text(request.POST.get("answer", ""), "不予批准的原因", limit=LONGEST_REASON)
    refuse_phone_change(change=found, actor=account_of(request), answer=answer, now=clock.now())
    messages.success(request, f"{found.account.username}：未批准，号码没有变。")
    return see_account(found.account)


@require_POST
def recall(request: HttpRequest, pk: UUID) -> HttpResponse:
    """撤回: the old number is put back."""
    found = _found(request, pk)
    recall_phone_change(change=found, actor=account_of(request), now=clock.now())
    messages.success(request, f"{found.account.username}：已撤回，恢复原来的号码，已短信告知新旧号码。")
    return see_account(found.account)


def _found(request: HttpRequest, pk: UUID) -> PhoneChange:
    found = change_of(pk)
    if found is None:
        raise Http404
    access_account(account_of(request), found.account.username)
    return found
