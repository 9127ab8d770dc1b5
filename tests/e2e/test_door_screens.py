"""The pages of accounts, cities and free-opening review on a phone and for a screen reader."""

import pytest

from guanshu.portal.models import Account, Museum
from tests.cast import Cast
from tests.e2e.conftest import Open
from tests.e2e.test_every_screen import violations
from tests.portal.doors.conftest import give_factor

PAGES = (
    ("system", "/national/accounts/"),
    ("system", "/second-factor/"),
    ("filler", "/sessions/"),
    ("filler", "/password/"),
    ("province", "/province/accounts/city/"),
    ("city", "/city/"),
    ("city", "/city/reports/2022-130600001/"),
    ("free_reviewer", "/free/"),
    ("free_reviewer", "/free/lists/"),
)


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_a_door_page_fits_a_phone_and_speaks_to_everybody(enter: Open, cast: Cast, who: str, path: str) -> None:
    Museum.objects.filter(pk=cast.baoding.pk).update(city="保定市")
    Account.objects.filter(pk=cast.city.pk).update(city="保定市")
    give_factor("viewer")
    page = enter(getattr(cast, who), path)
    assert page.url.endswith(path)
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
