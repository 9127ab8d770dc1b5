"""What pages of applications and corrections have in common: what was typed, what was attached, the year."""

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from guanshu.portal.models import Campaign
from guanshu.portal.problems import TooLarge, Unusable, WrongState
from guanshu.portal.queries.campaigns import current_campaign
from guanshu.portal.web.shared.uploads import received_file

UNPROCESSABLE = 422


def running_campaign() -> Campaign:
    """Return the year that is being collected. Raises WrongState when there is none."""
    campaign = current_campaign()
    if campaign is None or campaign.closed:
        raise WrongState("现在没有正在进行的采集年度，不能办理。")
    return campaign


def typed_in(request: HttpRequest, names: Iterable[str]) -> dict[str, str]:
    """Return these fields of a form as they were typed."""
    return {name: request.POST.get(name, "") for name in names}


def evidence_in(request: HttpRequest) -> "UploadedFile[bytes] | None":
    """Return the file of the form, None when none was chosen. Raises TooLarge when it was stopped on its way."""
    try:
        return received_file(request, "file")
    except TooLarge:
        raise
    except Unusable:
        return None
