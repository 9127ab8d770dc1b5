"""What a page that saves in one go says afterwards."""

from django.contrib import messages
from django.http import HttpRequest

from guanshu.portal.domain.filing.saving import FilingSaved

# More sentences than this help nobody.
_MOST = 5


def tell(request: HttpRequest, result: FilingSaved, done: str) -> None:
    """Say what was done, and what of it could not be kept."""
    refused = [*result.problems.values(), *("有一格已被他人修改，未填入。" for _ in result.conflicts)]
    if result.saved:
        messages.success(request, done)
    for sentence in dict.fromkeys(refused[:_MOST]):
        messages.warning(request, sentence)
