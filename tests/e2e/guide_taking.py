"""Taking a picture of a screen's part, and telling whether it still looks as an earlier picture does."""

import io
import re
from typing import Any

from PIL import Image, ImageChops
from playwright.sync_api import Page

WIDTH, MARGIN, COLOURS = 1180, 10, 64
# Fonts and their smoothing differ between machines; what a clerk would notice differs more.
GRID, APART, OFTEN = 32, 40, 12
# What is another one each time: times of day, days of the real calendar, sizes of files, numbers of prints.
_CHANGING = re.compile(
    r"\d{1,2}:\d\d(:\d\d)?|(\d{4}-)?\d\d-\d\d\b|[\d.]+\s?(KB|MB|字节)|\b[0-9A-Z]{4,}(-[0-9A-Z]+)+",
)
# The texts and answers inside a box of the page, in the order of the page.
_TEXTS = """box => {
  const found = [], range = document.createRange();
  const inside = r => r.width && r.height && r.left < box.x + box.width && r.right > box.x
    && r.top + scrollY + 2 < box.y + box.height && r.bottom + scrollY - 2 > box.y;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node; (node = walker.nextNode());) {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.data.trim().replace(/\\s+/g, " ");
      if (!text || !node.parentElement.checkVisibility({visibilityProperty: true})) continue;
      range.selectNodeContents(node);
      if (inside(range.getBoundingClientRect())) found.push(text);
    } else if (node.matches("input:not([type=hidden], [type=password]), select, textarea")) {
      const value = ["checkbox", "radio"].includes(node.type) ? node.checked : node.value;
      if (value && inside(node.getBoundingClientRect())) found.push(`[${value}]`);
    }
  }
  return found;
}"""
_MARK = "all => all.forEach(e => { e.style.outline = '3px solid #d9480f'; e.style.outlineOffset = '3px'; })"
# Debian's Chromium speaks English; what a museum's says instead is put where its button is.
_CHINESE = """all => all.forEach(e => {
  const shown = document.createElement("span"), button = document.createElement("span");
  shown.className = e.className;
  button.textContent = "选择文件";
  Object.assign(button.style, {padding: ".375rem .75rem", margin: "-.375rem .75rem -.375rem -.75rem"});
  Object.assign(button.style, {borderRight: "1px solid", borderColor: "inherit"});
  shown.append(button, "未选择任何文件");
  e.replaceWith(shown);
})"""
Taken = tuple[bytes, list[str]]


def take(page: Page, recipe: dict[str, str]) -> Taken:
    """Return the picture (PNG of few colours) a recipe asks for, and the texts to be read on it."""
    page.goto(recipe["address"])
    if recipe["follow"]:
        # Without the place within the page, at which the browser would go on scrolling.
        page.goto(str(page.locator(recipe["follow"]).first.evaluate("a => a.href.split('#')[0]")))
    page.evaluate("document.activeElement?.blur()")
    page.locator("input[type=file]").evaluate_all(_CHINESE)
    if recipe["mark"]:
        page.locator(recipe["mark"]).evaluate_all(_MARK)
    page.evaluate("scrollTo({top: 0, behavior: 'instant'}); document.fonts.ready.then(() => true)")
    box = _box(page, recipe)
    shot = page.screenshot(clip=box, full_page=True, animations="disabled", caret="hide")
    return _few_colours(shot), [_CHANGING.sub("…", text) for text in page.evaluate(_TEXTS, box)]


def _box(page: Page, recipe: dict[str, str]) -> Any:
    """Return the part of the page in CSS pixels: around what is to be shown, no higher than the recipe allows."""
    found = page.locator(recipe["crop"])
    found.first.wait_for()
    boxes = [box for each in found.all() if (box := each.bounding_box())]
    left, right = min(box["x"] for box in boxes), max(box["x"] + box["width"] for box in boxes)
    top, bottom = min(box["y"] for box in boxes), max(box["y"] + box["height"] for box in boxes)
    # What takes the whole width has its own margin.
    margin = MARGIN if right - left < WIDTH else 0
    height = round(bottom - top) + 2 * margin
    return {
        "x": round(left) - margin,
        "y": round(top) - margin,
        "width": round(right - left) + 2 * margin,
        "height": min(height, int(recipe["height"]) or height),
    }


def _few_colours(shot: bytes) -> bytes:
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    small = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    made = io.BytesIO()
    small.save(made, "PNG", optimize=True)
    return made.getvalue()


def differs(kept: bytes, taken: bytes) -> str:
    """Return how a picture looks unlike the kept one, "" when a clerk would call them the same."""
    one, other = (Image.open(io.BytesIO(each)).convert("L") for each in (kept, taken))
    if any(abs(a - b) > 0.08 * max(a, b) for a, b in zip(one.size, other.size, strict=True)):
        return f"size {one.size} → {other.size}"
    grids = [each.resize((GRID, GRID), Image.Resampling.BOX) for each in (one, other)]
    far = sum(value > APART for value in ImageChops.difference(*grids).tobytes())
    return f"{far} of {GRID * GRID} fields look different" if far > OFTEN else ""
