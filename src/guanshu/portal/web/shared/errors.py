"""Error pages in Chinese: a page for people, a notice for htmx, JSON for save requests."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader

from guanshu.portal.problems import OperationProblem
from guanshu.portal.web.shared.requests import is_htmx, wants_json

_TITLES = {
    400: "请求无法识别",
    401: "请重新登录",
    403: "不能进入此页面",
    404: "页面不存在",
    409: "现在不能进行此操作",
    413: "内容过大",
    429: "请稍后再试",
    503: "服务器繁忙",
}


def refuse(request: HttpRequest, status: int, message: str, title: str = "") -> HttpResponse:
    """Return the refusal in the form the request wants it."""
    if wants_json(request):
        return JsonResponse({"message": message}, status=status, json_dumps_params={"ensure_ascii": False})
    template = "shared/refusal_notice.html" if is_htmx(request) else "shared/refusal.html"
    context = {"status": status, "title": title or _TITLES.get(status, "操作未能完成"), "message": message}
    return render(request, template, context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """400: nothing was changed."""
    return refuse(request, 400, "服务器不能识别这次请求，未作任何改动。请返回上一页刷新后重试。")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: another role's area, or no right to an action."""
    default = "您登录的账号没有进入此页面的权限。如账号有误，请退出后用正确的账号登录。"
    return refuse(request, 403, str(exception) or default)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404: no such page, or somebody else's object; the two look the same. For a missing file no page is made."""
    if request.path_info.startswith("/static/"):
        return HttpResponse(status=404)
    return refuse(request, 404, "您访问的页面不存在，或不属于您的账号。请检查地址，或从首页重新进入。")


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Rendered without the request's context, because the database may be what failed."""
    message = "系统出现故障，已记录。已保存的数据不受影响，请稍后重试。"
    if wants_json(request):
        return JsonResponse({"message": message}, status=500, json_dumps_params={"ensure_ascii": False})
    context = {"status": 500, "title": "系统故障", "message": message}
    return HttpResponse(loader.get_template("shared/refusal.html").render(context), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403 when the form's token does not fit: an old page, a second log-in in another tab, or no cookies."""
    message = "页面已过期，或浏览器禁用了 Cookie，未作任何改动。请返回上一页刷新后重新提交。"
    return refuse(request, 403, message, "页面已过期")


def operation_refused(request: HttpRequest, problem: OperationProblem) -> HttpResponse:
    """Return what an operation's refusal says, with its own status."""
    return refuse(request, problem.status, problem.message)
