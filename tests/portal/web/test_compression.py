"""Pages leave compressed, as the browser takes them; everything else as it is."""

import gzip

import brotli
import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db
_PAGE = "/museum/tables/1-1/"


@pytest.fixture
def filler(cast: Cast, client: Client) -> Client:
    client.force_login(cast.filler)
    return client


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("br;q=0.5, gzip;q=0.4", "br"),
        ("gzip, br;q=0", "gzip"),
        ("gzip", "gzip"),
        ("identity", None),
        ("", None),
        ("brr, ;q=, q", None),
    ],
)
def test_a_page_is_sent_as_the_browser_takes_it(filler: Client, accepted: str, encoding: str | None) -> None:
    answer = filler.get(_PAGE, headers={"accept-encoding": accepted})
    assert answer.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    plain = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding](answer.content)
    assert plain.decode().rstrip().endswith("</html>")
    assert encoding is None or len(answer.content) < len(plain) / 3


def test_what_is_no_page_is_left_alone(filler: Client) -> None:
    every = {"accept-encoding": "gzip, br"}
    assert "Content-Encoding" not in filler.get("/healthz", headers=every).headers
    moved = filler.get("/login/", headers=every)
    assert (moved.status_code, "Content-Encoding" in moved.headers) == (302, False)
