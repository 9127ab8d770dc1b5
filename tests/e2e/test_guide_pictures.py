"""The guide's pictures are those of the screens as they are now; `make guide-pictures` takes them anew."""

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from guanshu.portal import clock
from guanshu.portal.domain.publications import guide_of
from guanshu.survey.documents.guide.pictures import FILE, FOLDER, SCALE
from tests.cast import NOW, Cast
from tests.e2e.conftest import Open
from tests.e2e.filling import DATA
from tests.e2e.guide_scenes import Scenes
from tests.e2e.guide_taking import WIDTH, Taken, differs, take
from tests.e2e.test_every_screen import violations

TAKE = os.environ.get("GUANSHU_GUIDE_PICTURES") == "take"
TEXTS = DATA / "guide_texts.json"


def test_the_pictures_show_the_screens_as_they_are(
    enter: Open, last_year: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with FILE.open(encoding="utf-8", newline="") as file:
        wanted = list(csv.DictReader(file))
    taken = take_all(wanted, Scenes(last_year, enter, tmp_path), enter, last_year)
    if TAKE:
        keep(taken)
    texts = json.loads(TEXTS.read_text(encoding="utf-8"))
    changed = {name: found for name, each in taken.items() if (found := change(name, each, texts.get(name)))}
    assert not changed, f"these screens have changed; run `make guide-pictures` and look at the pictures: {changed}"
    assert {path.stem for path in FOLDER.iterdir()} == set(texts) == set(taken)


def take_all(wanted: list[dict[str, str]], scenes: Scenes, enter: Open, cast: Cast) -> dict[str, Taken]:
    taken, pages = {}, {}
    for recipe in wanted:
        scenes.reach(recipe["scene"])
        who = recipe["account"]
        if who not in pages:
            options = {"viewport": {"width": WIDTH, "height": 900}, "device_scale_factor": SCALE}
            pages[who] = enter(getattr(cast, who or "filler"), "/healthz", **options)
            if not who:
                pages[who].context.clear_cookies()
        taken[recipe["picture"]] = take(pages[who], recipe)
    return taken


def change(name: str, taken: Taken, texts: Any) -> str:
    """Return what has changed since a picture was kept."""
    path = FOLDER / f"{name}.png"
    if texts is None or not path.is_file():
        return "not taken yet"
    picture, read = taken
    if read != texts:
        return (
            f"gone {[each for each in texts if each not in read]}, new {[each for each in read if each not in texts]}"
        )
    return differs(path.read_bytes(), picture)


def keep(taken: dict[str, Taken]) -> None:
    for path in FOLDER.iterdir():
        path.unlink()
    for name, (picture, _) in taken.items():
        (FOLDER / f"{name}.png").write_bytes(picture)
    texts = {name: read for name, (_, read) in taken.items()}
    TEXTS.write_text(json.dumps(texts, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def test_the_guide_fits_a_phone_and_speaks_to_everybody(enter: Open, cast: Cast) -> None:
    guide_of(cast.campaign)  # compiled once for the process, not within the browser's patience
    page = enter(path="/guide/", viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
    last = page.locator("figure.screen img").last
    last.scroll_into_view_if_needed()
    expect(last).to_have_js_property("complete", value=True)
    assert 0 < last.bounding_box()["width"] <= 390
    assert last.evaluate("e => e.naturalWidth") > 0
