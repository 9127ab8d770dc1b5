"""`guanshu check-deploy` on a real installation."""

import json

from tests.cli.conftest import Installation


def test_weak_settings_are_listed_and_the_status_is_one(install) -> None:  # type: ignore[no-untyped-def]
    place: Installation = install("one")
    assert place.run("migrate").returncode == 0
    done = place.run("check-deploy")
    assert done.returncode == 1
    assert "问题：GUANSHU_HOSTS 还是默认值" in done.stdout
    assert "处理后再对外开放" in done.stdout
    found = json.loads(place.run("check-deploy", "--json").stdout)
    codes = {each["code"] for each in found["problems"]}
    assert {"hosts", "proxies", "weak_key", "sms", "seals_place"} <= codes
    assert "triggers" not in codes


def test_settings_that_are_refused_are_a_problem_too(install) -> None:  # type: ignore[no-untyped-def]
    done = install("two").run("check-deploy", "--json", GUANSHU_SECRET_KEY="short")
    assert done.returncode == 1
    assert json.loads(done.stdout)["problems"][0]["code"] == "settings"
