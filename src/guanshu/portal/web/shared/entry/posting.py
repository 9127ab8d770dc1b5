"""What pages of entry have in common: posted saves, refused ones, the way from table to table, the script's modules."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse

from guanshu.portal.problems import OperationProblem, TooLarge
from guanshu.portal.queries.opened import Opened
from guanshu.portal.web.shared.entry.answer import Answer, Saved, status_of
from guanshu.portal.web.shared.entry.frame import Frame, NavItem
from guanshu.portal.web.shared.entry.reading import Draft, Reading
from guanshu.portal.web.shared.entry.wire import FormPost, SaveRequest, read_json
from guanshu.survey.definition.model import Table


def is_json(request: HttpRequest) -> bool:
    """Return whether a script posts, not a form."""
    return request.content_type == "application/json"


def posted_json(request: HttpRequest) -> SaveRequest:
    """Return the save in the body. Raises TooLarge or Unusable."""
    try:
        return read_json(request.body)
    except RequestDataTooBig as error:
        raise TooLarge from error


def refusal(problem: OperationProblem) -> JsonResponse:
    """Return what the browser's queue shows when a whole request was refused; `code` tells it whether to go on."""
    return JsonResponse({"message": problem.message, "code": problem.code}, status=problem.status)


def answered(answer: Answer, result: Saved) -> JsonResponse:
    """Return the answer to a save with the status that its result has."""
    return JsonResponse(answer, status=status_of(result), json_dumps_params={"ensure_ascii": False})


def draft_of(result: Saved, posted: FormPost) -> Draft:
    """Return what could not be saved, to be shown again as it was typed."""
    refused = {**result.problems, **result.conflicts}
    texts = {address: text for address, text in posted.texts.items() if address in refused}
    return Draft(texts, result.problems, result.conflicts)


def following_url(reading: Reading[Opened], frame: Frame, number: str, posted: FormPost) -> str:
    """Return where an ordinary post goes on: the same table, at the rows when rows were changed, or the next table."""
    if posted.then == "next":
        following = neighbours(frame, number)[1]
        if following is not None:
            return following.url
    anchor = f"#c-{find_table(reading, number).name}.rows" if ":" in posted.then else ""
    return reading.pages.table_url(number) + frame.query + anchor


def neighbours(frame: Frame, number: str) -> tuple[NavItem | None, NavItem | None]:
    """Return the tables before and after, of those that are to be filled in."""
    items = [item for group in frame.groups for item in group.items if item.applies or item.number == number]
    at = next(index for index, item in enumerate(items) if item.number == number)
    return (items[at - 1] if at else None), (items[at + 1] if at + 1 < len(items) else None)


def find_table(reading: Reading[Opened], number: str) -> Table:
    """Return the table with this number. Raises Http404."""
    found = reading.form.by_number.get(number)
    if found is None:
        raise Http404
    return found


@cache
def modules() -> tuple[str, ...]:
    """Return the script's modules, so that a browser fetches them all at once instead of one after the other."""
    folder = Path(settings.BASE) / "static" / "js" / "entry"
    return tuple(f"js/entry/{path.name}" for path in sorted(folder.glob("*.js")))
