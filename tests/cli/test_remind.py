"""`guanshu remind` on a real installation."""

from tests.cli.conftest import Installation


def test_an_unknown_backend_is_refused_with_a_sentence(install) -> None:  # type: ignore[no-untyped-def]
    place: Installation = install("one")
    refused = place.run("migrate", GUANSHU_SMS="pigeon")
    assert refused.returncode == 2
    assert "没有名为「pigeon」的短信通道，可以是：console、outbox" in refused.stderr


def test_nothing_is_due_in_an_empty_place(install) -> None:  # type: ignore[no-untyped-def]
    place: Installation = install("two")
    assert place.run("migrate").returncode == 0
    assert place.run("remind", "--dry-run").stdout.strip() == "现在应催报 0 条。"
    done = place.run("remind")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "催报 0 条，没有手机号 0 条，不再需要 0 条。")
