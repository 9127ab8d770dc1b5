"""A number of five thousand digits is no fault anywhere (found by the fuzzer, seed 7, request 14637)."""

from typing import Any

import pytest

from tests.portal.walls.test_trail_page import client_of
from tests.portal.web.test_every_url import World, world  # noqa: F401 - a fixture

LONG = "1" * 5000
POSTS = {
    "/national/campaign/": ("system", ("return_days", "window", "year")),
    "/national/notices/contacts/": ("system", ("contact", "pk")),
    "/museum/stamp/confirm/": ("filler", ("scan",)),
    "/national/museums/130600001/extend/": ("system", ("year",)),
}


@pytest.mark.parametrize("path", POSTS)
def test_a_long_number_is_no_fault(path: str, world: World, settings: Any) -> None:  # noqa: F811
    who, names = POSTS[path]
    client = client_of(world.people[who])
    client.raise_request_exception = False
    assert client.post(path, dict.fromkeys(names, LONG)).status_code < 500
    assert client.get(f"{path}?year={LONG}").status_code < 500


def test_a_long_year_is_no_fault(world: World) -> None:  # noqa: F811
    for who, path in (
        ("province", "/province/submission/"),
        ("province", "/province/materials/"),
        ("filler", "/museum/"),
    ):
        assert client_of(world.people[who]).get(f"{path}?year={LONG}").status_code in {200, 404}
