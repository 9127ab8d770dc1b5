"""What the demo's museums upload: a summary, pictures, and the printed report with a red seal on its cover.

Made once and handed out to all; nothing here is read by the system but through its ordinary checks.
"""

import io
import math
import zipfile
from functools import cache
from importlib.resources import files

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

from guanshu.survey.documents.summaries.paper import Paper

_TEXT = "（演示材料）本段为系统自动生成的演示文字，不是任何一座科技馆的真实情况。"
_ANNUAL = ("一、工作亮点与成效", "二、创新特色案例", "三、存在的问题", "四、明年工作计划")
_FREE = (
    "一、本馆中央补助资金使用情况",
    "二、本馆免费开放运行情况",
    "三、绩效目标完成情况",
    "四、对免费开放工作的意见和建议",
)
_PICTURES = {
    "展厅": (34, 96, 158),
    "科普活动": (190, 110, 40),
    "流动展览": (40, 130, 90),
    "志愿者服务": (140, 60, 110),
}
_FIXED = (2023, 1, 1, 0, 0, 0)
_RED = (200, 20, 30, 215)
_SEAL = 420
# Where the seal sits on the cover, in points from the lower left corner, and how wide it is (42 mm).
_PLACE, _WIDTH = (104.0, 303.0), 119.0


@cache
def annual_summary() -> bytes:
    """Return 年度工作总结, a Word file."""
    return _word("演示科技馆年度工作总结", _ANNUAL)


@cache
def free_report() -> bytes:
    """Return 免费开放工作材料: an archive with a Word file and pictures, the same bytes every time."""
    members = {"免费开放工作总结.docx": _word("演示科技馆年度免费开放工作总结", _FREE)}
    members |= {f"图片/{title}.jpg": _picture(title, colour) for title, colour in _PICTURES.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, _FIXED), data)
    return buffer.getvalue()


@cache
def statement() -> bytes:
    """Return the statement that proves 免报, a Word file."""
    return _word("关于本年度免于填报的情况说明", ("一、基本情况", "二、免报理由"))


def _word(title: str, headings: tuple[str, ...]) -> bytes:
    paper = Paper(title, "演示科技馆")
    for heading in headings:
        paper.heading(heading)
        paper.text(_TEXT)
    return _settled(paper.bytes())


def _settled(data: bytes) -> bytes:
    """Return the archive with all times alike, so that the same document has the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _FIXED), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _picture(title: str, colour: tuple[int, int, int]) -> bytes:
    picture = Image.new("RGB", (1280, 853), colour)
    pencil = ImageDraw.Draw(picture)
    for step in range(12):
        red, green, blue = (min(255, part + step * 9) for part in colour)
        pencil.ellipse(
            (640 - 600 + step * 45, 120 + step * 40, 640 + 600 - step * 45, 1100 - step * 10), fill=(red, green, blue)
        )
    pencil.text((640, 60), f"{title}（演示图片）", fill="white", font=_font(56), anchor="mt")
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    # The file the printed report takes its serif from.
    return ImageFont.truetype(str(files("pylopdf_fonts_zh_cn") / "NotoSerifSC-Regular.otf"), size)


def sealed(printed: bytes, name: str) -> bytes:
    """Return the printed report as an electronically sealed PDF: all pages as they were, a seal on the first."""
    document = pdfium.PdfDocument(printed)
    try:
        image = pdfium.PdfImage.new(document)
        image.set_bitmap(pdfium.PdfBitmap.from_pil(_seal(name)))
        image.set_matrix(pdfium.PdfMatrix().scale(_WIDTH, _WIDTH).translate(*_PLACE))
        cover = document[0]
        cover.insert_obj(image)
        cover.gen_content()
        buffer = io.BytesIO()
        document.save(buffer)
        return buffer.getvalue()
    finally:
        document.close()


def _seal(name: str) -> Image.Image:
    """Return a round seal: the name along its rim, a star in the middle, 演示 below."""
    seal = Image.new("RGBA", (_SEAL, _SEAL), (255, 255, 255, 0))
    pencil = ImageDraw.Draw(seal)
    middle = _SEAL / 2
    pencil.ellipse((6, 6, _SEAL - 6, _SEAL - 6), outline=_RED, width=10)
    corners = [
        (middle + radius * math.sin(turn * math.pi / 5), middle - radius * math.cos(turn * math.pi / 5))
        for turn, radius in enumerate([62, 24] * 5)
    ]
    pencil.polygon(corners, fill=_RED)
    pencil.text((middle, middle + 85), "演示专用", fill=_RED, font=_font(34), anchor="mt")
    letters = name.removesuffix("（演示）")
    step = min(28.0, 240 / max(len(letters), 1))
    for place, letter in enumerate(letters):
        angle = (place - (len(letters) - 1) / 2) * step
        _put_letter(seal, letter, angle)
    return seal


def _put_letter(seal: Image.Image, letter: str, angle: float) -> None:
    tile = Image.new("RGBA", (72, 72), (255, 255, 255, 0))
    ImageDraw.Draw(tile).text((36, 36), letter, fill=_RED, font=_font(44), anchor="mm")
    tile = tile.rotate(-angle, resample=Image.Resampling.BICUBIC)
    middle, radius, turn = _SEAL / 2, _SEAL / 2 - 50, math.radians(angle)
    at = (round(middle + radius * math.sin(turn) - 36), round(middle - radius * math.cos(turn) - 36))
    seal.alpha_composite(tile, at)
