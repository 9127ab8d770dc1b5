"""The baseline of bench/save.py: what any Django view that stores a document must do."""

import json

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_POST

from guanshu.portal.models import TableAnswers
from guanshu.portal.urls import handler400, handler403, handler404, handler500
from guanshu.portal.urls import urlpatterns as portal

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
_documents: dict[int, tuple[int, dict[str, object]]] = {}


@require_POST
def bare(request: HttpRequest) -> HttpResponse:
    """Store the table's document with the posted value in it."""
    posted = json.loads(request.body)
    museum = request.user.museum_id  # type: ignore[union-attr]
    if museum not in _documents:
        row = TableAnswers.objects.get(report__museum=museum, report__campaign__year=2022, table="2-2")
        _documents[museum] = row.pk, row.data
    pk, data = _documents[museum]
    for name, (_, new) in posted["changes"].items():
        data["cells"][name] = new  # type: ignore[index]
    with transaction.atomic():
        TableAnswers.objects.filter(pk=pk).update(data=data)
    return JsonResponse({"saved": posted["changes"]})


urlpatterns = [path("museum/bare/", bare), *portal]
