"""`guanshu verify-files` on a real installation."""

import os

from tests.cli.conftest import Installation


def test_verify_files_is_quiet_on_a_sound_place_and_sweeps(install) -> None:  # type: ignore[no-untyped-def]
    place: Installation = install("one")
    assert place.run("migrate").returncode == 0
    done = place.run("verify-files")
    assert (done.returncode, done.stdout.strip()) == (0, "全部文件完整，没有发现改动。")
    orphan = place.place / "files" / "ab" / "abababab-abab-4bab-8bab-abababababab"
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"left behind")
    os.utime(orphan, (0, 0))
    assert place.run("verify-files", "--json").stdout.count("abababab") == 0
    assert orphan.exists()
    swept = place.run("verify-files", "--sweep", "--json")
    assert swept.returncode == 0
    assert orphan.name in swept.stdout
    assert not orphan.exists()
