"""Who gets which answer where: every page of these audiences × every kind of visitor."""

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from guanshu.portal.models import Role
from guanshu.portal.permissions import AREAS, area_of, home_of
from tests.portal.web.country import LogIn

PUBLIC = ["/", "/login/", "/password-reset/", "/healthz", "/readyz"]
PROVINCE = [
    "/province/status/",
    "/province/accounts/",
    "/province/review/",
    "/province/data/",
    "/province/data/export/",
]
NATIONAL = ["/national/", "/national/museums/", "/national/exemptions/", "/national/data/export/"]
ALLOWED = {
    "A130000001": PROVINCE,
    "B130600000": [],
    "C130600000": [],
    "national": NATIONAL,
    "viewer": NATIONAL,
    "free": [],
    "operations": [],
    "auditor": [],
}


@pytest.mark.parametrize("username", ALLOWED)
def test_each_role_enters_its_own_pages_and_no_others(username: str, log_in: LogIn) -> None:
    client = log_in(username)
    answers = {path: client.get(path).status_code for path in [*PROVINCE, *NATIONAL, "/password/"]}
    expected = {path: 200 if path in ALLOWED[username] else 403 for path in [*PROVINCE, *NATIONAL]}
    assert answers == {**expected, "/password/": 200}


@pytest.mark.parametrize("username", ["A130000001", "national", "auditor"])
def test_nobody_but_a_museum_enters_the_museums_area(username: str, log_in: LogIn) -> None:
    client = log_in(username)
    assert client.get("/museum/").status_code == 403
    save = client.post("/museum/tables/2-1/", {"request": "x"}, content_type="application/json")
    assert save.status_code == 403
    assert save.json()["message"]


@pytest.mark.parametrize("path", [*PROVINCE, *NATIONAL, "/museum/", "/password/"])
def test_anonymous_is_sent_to_log_in(path: str, country: object) -> None:
    client = Client()
    assert client.get(path).headers["Location"] == f"/login/?next={path}"
    htmx = client.get(path, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{path}?year=2021"})
    assert htmx.status_code == 401
    assert htmx.headers["HX-Redirect"] == f"/login/?next={path}%3Fyear%3D2021"
    save = client.post(path, {"request": "x"}, content_type="application/json")
    assert save.status_code == 401
    assert "重新登录" in save.json()["message"]


def test_a_foreign_page_named_by_htmx_is_not_followed(country: object) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "https://elsewhere.example/x"}
    assert Client().get("/museum/", headers=headers).headers["HX-Redirect"] == "/login/?next=/museum/"


@pytest.mark.parametrize("path", PUBLIC)
def test_everybody_reads_the_public_pages(path: str, country: object) -> None:
    assert Client().get(path).status_code == 200


def test_logging_out_is_a_post(log_in: LogIn) -> None:
    client = log_in("A130000001")
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").headers["Location"] == "/"
    assert client.get("/province/status/").status_code == 302


def test_every_address_lies_in_a_named_area() -> None:
    prefixes = [
        str(found.pattern) + str(inner.pattern)
        for found in get_resolver().url_patterns
        if isinstance(found, URLResolver)
        for inner in found.url_patterns
    ]
    assert [prefix for prefix in prefixes if area_of(f"/{prefix}") is None] == []


def test_every_role_has_a_home_it_may_enter() -> None:
    for role in Role.values:
        area = area_of(home_of(role))
        assert area is not None
        assert area.roles is None or role in area.roles
    assert len({area.prefix for area in AREAS}) == len(AREAS)


def test_unknown_addresses_answer_in_the_askers_form(log_in: LogIn) -> None:
    page = Client().get("/nowhere/")
    assert page.status_code == 404
    assert "页面不存在" in page.content.decode()
    client = log_in("A130000001")
    assert client.get("/province/nowhere/").status_code == 404
    assert client.get("/province/nowhere/", headers={"Accept": "application/json"}).json()["message"]
    assert "<html" not in client.get("/province/nowhere/", headers={"HX-Request": "true"}).content.decode()


def test_a_stale_form_is_explained(country: object) -> None:
    answer = Client(enforce_csrf_checks=True).post("/login/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


def test_pages_of_accounts_stay_out_of_caches(log_in: LogIn) -> None:
    assert "no-store" in log_in("A130000001").get("/province/status/").headers["Cache-Control"]


def test_every_page_keeps_the_content_security_policy(log_in: LogIn) -> None:
    for client, paths in ((Client(), PUBLIC[:3]), (log_in("A130000001"), PROVINCE), (log_in("national"), NATIONAL)):
        for path in paths:
            answer = client.get(path)
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            page = answer.content.decode()
            assert " style=" not in page
            assert " onclick=" not in page
            assert "<script>" not in page
            assert "<style" not in page


def test_static_files_come_from_the_explicit_list(settings: object) -> None:
    base = settings.STATIC_URL  # type: ignore[attr-defined]
    client = Client()
    for name in ("vendor/bootstrap.min.css", "vendor/htmx.min.js", "css/guanshu.css", "js/portal.js"):
        assert client.get(base + name).status_code == 200, name
    for name in ("vendor/bootstrap.css", "django_htmx/htmx-2.min.js"):
        assert client.get(base + name).status_code == 404, name
