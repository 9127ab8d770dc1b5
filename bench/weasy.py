"""The printed report as HTML from the same data, for WeasyPrint: what `bench/documents.py` is measured against.

Everything the Typst templates draw is in it: cover, header, footer with page numbers, every grid with its widths, fills
and merged cells, notes, the closing sections, and the pictures of the codes, one a page.
"""

from html import escape
from typing import Any

from guanshu.survey.documents.report_pdf.fonts import SANS, SERIF

FILLS = {"calc": "#f3f3f3", "closed": "#cdcdcd", "head": "#ececec"}
STYLE = f"""
@page {{ size: A4; margin: 20mm 15mm 38mm 19mm;
  @top-left {{ content: string(name); font: 8pt "{SANS}"; }}
  @bottom-center {{ content: "第 " counter(page) " 页　共 " counter(pages) " 页"; font: 8pt "{SANS}"; }}
  @bottom-right {{ content: element(code); }} }}
@page across {{ size: A4 landscape; }}
body {{ font: 8.5pt/1.25 "{SANS}", "{SERIF}"; margin: 0; }}
p, div {{ margin: 0.5mm 0; }}
.name {{ string-set: name content(); height: 0; overflow: hidden; }}
.across {{ page: across; }}
.part {{ break-before: page; }}
h1 {{ font: 26pt "{SERIF}", "Noto Serif CJK SC"; text-align: center; }}
h2 {{ font: 14pt "{SERIF}"; text-align: center; break-after: avoid; margin: 5mm 0 1mm; }}
h3 {{ font: 15pt "{SERIF}"; break-after: avoid; margin: 8mm 0 0; }}
table {{ border-collapse: collapse; table-layout: fixed; border-top: 1.1pt solid; border-bottom: 1.1pt solid; margin: auto; }}
td {{ border: 0.4pt solid #3c3c3c; padding: 1.25mm 1.5mm; overflow-wrap: anywhere; }}
tr {{ break-inside: avoid; }}
.code {{ position: running(code); width: 20mm; height: 20mm; }}
.seal {{ border: 0.8pt dashed; width: 78mm; height: 58mm; }}
"""  # noqa: E501


def page(data: dict[str, Any], pictures: list[str]) -> str:
    """Return the report as HTML; `pictures` are the codes as SVG, one for each page that begins a part."""
    body = [f"<p class='name'>{words(data['name'])}</p>", cover(data)]
    codes = iter(pictures)
    for part in data["parts"]:
        body.append(f"<section class='part{' across' if part['flipped'] else ''}'>{picture(codes)}")
        body += [table(item, data, codes) for item in part["items"]]
        body.append("</section>")
    for section in data["closing"]:
        body.append(f"<h2>{words(section['title'])}</h2>")
        body.append(grid(section["grid"]) if section["grid"] else "<p>无。</p>")
    # What no table took.
    body += [f"<div style='width: 20mm; height: 20mm'>{svg}</div>" for svg in codes]
    return f"<!DOCTYPE html><html lang='zh-CN'><meta charset='utf-8'><style>{STYLE}</style><body>{''.join(body)}</body>"


def picture(codes: Any) -> str:
    """Return the next code, at the foot of the pages from here on."""
    svg = next(codes, "")
    return f"<div class='code'>{svg}</div>" if svg else ""


def words(text: Any) -> str:
    """Return a text as the templates get it: a string, or lines of pieces."""
    if isinstance(text, str):
        return escape(text)
    return "<br>".join("<wbr>".join(map(escape, line)) for line in text)


def cover(data: dict[str, Any]) -> str:
    """Return the first page."""
    it = data["cover"]
    pairs = "".join(f"<p>{escape(label)}：{words(text)}</p>" for label, text in (*it["heading"], *it["facts"]))
    signed = "".join(f"<p>{escape(label)}：{words(text)} 签字：</p>" for label, text in it["signed"])
    notes = "".join(f"<li>{words(note)}</li>" for note in it["notes"])
    rest = f"<p>联系电话：{words(it['phone'])}</p><p>报出日期：{escape(it['date'])}</p><ol>{notes}</ol>{it['hash']}"
    title = f"<h1>{words(data['title'])}</h1><h2>{data['year']} 年度</h2>"
    return f"{title}{pairs}<div class='seal'>单位盖章</div>{signed}{rest}"


def table(item: dict[str, Any], data: dict[str, Any], codes: Any) -> str:
    """Return a table with its heading and notes."""
    lines = "".join(f"<div>{escape(label)}：{words(text)}</div>" for label, text in item["lines"])
    head = f"<h3>{words(item['group'])}</h3>" if item["group"] else ""
    kept = " style='break-inside: avoid'" if item["keep"] else ""
    grids = "".join(map(grid, item["grids"])) + ("<p>本表不适用（—）</p>" if item["na"] else "")
    note = f"<p>说明：{words(item['note'])}</p>" if item["note"] else ""
    who = f"<div>填报单位：{words(data['name'])} {data['year']} 年</div>"
    return f"{picture(codes)}<div{kept}>{head}<h2>{words(item['title'])}</h2>{lines}{who}{grids}{note}</div>"


def grid(it: dict[str, Any]) -> str:
    """Return one grid; its cells stand in reading order, merged ones at their first place."""
    columns = "".join(f"<col style='width: {width}mm'>" for width in it["columns"])
    head = f"<thead>{rows(it['head'], len(it['columns']))}</thead>" if it["head_rows"] else ""
    body = f"<tbody>{rows(it['body'], len(it['columns']))}</tbody>"
    return f"<table style='font-size: {it['points']}pt; width: {sum(it['columns'])}mm'>{columns}{head}{body}</table>"


def rows(cells: list[dict[str, Any]], width: int) -> str:
    """Return the cells as rows of a table."""
    # How many rows more each column is taken by a cell from above.
    taken, found, place = [0] * width, ["<tr>"], 0
    for cell in cells:
        while place < width and taken[place]:
            taken[place] -= 1
            place += 1
        if place >= width:
            found.append("</tr><tr>")
            place = 0
            while place < width and taken[place]:
                taken[place] -= 1
                place += 1
        across, down = cell.get("x", 1), cell.get("y", 1)
        align = {"right": "right", "center": "center", "left": "left"}[cell["a"]]
        fill = f"; background: {FILLS[cell['f']]}" if cell.get("f") else ""
        found.append(f"<td colspan={across} rowspan={down} style='text-align: {align}{fill}'>{words(cell['t'])}</td>")
        for column in range(place, place + across):
            taken[column] = down - 1
        place += across
    return "".join([*found, "</tr>"])
