// A block copied from Excel, pasted into the grid from the focused cell on; rows tables grow up to their limit.
import { cellAround, controlOf, kindOf, read, write } from "./fields.js";

export class Paste {
  // `rows` is the Rows of a rows table, or null.
  constructor(form, { changed, say, rows }) {
    Object.assign(this, { form, changed, say, rows });
    form.addEventListener("paste", (event) => this.take(event));
  }

  take(event) {
    const cell = cellAround(event.target);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!cell || cell.tagName !== "TD") return;
    const block = parseBlock(text);
    const single = block.length === 1 && block[0].length === 1;
    if (single || (event.target.tagName === "TEXTAREA" && !text.includes("\t"))) return;
    event.preventDefault();
    this.fill(cell, block);
  }

  fill(cell, block) {
    const before = [];
    const added = [];
    const left = { rows: 0, unknown: 0 };
    let line = cell.parentElement;
    for (const [index, values] of block.entries()) {
      if (index > 0) line = nextLine(line) ?? this.grow(added);
      if (!line) {
        left.rows = block.length - index;
        break;
      }
      this.fillLine(line, cell.cellIndex, values, before, left);
    }
    if (added.length) this.rows.commit();
    for (const { cell: filled } of before) this.changed(filled);
    this.report(before, added, left);
  }

  grow(added) {
    const line = this.rows?.add() ?? null;
    if (line) added.push(line);
    return line;
  }

  fillLine(line, start, values, before, left) {
    for (const [index, text] of values.entries()) {
      const cell = line.cells[start + index];
      if (!cell?.dataset.cell || !controlOf(cell) || cell.classList.contains("off")) continue;
      const value = valueFor(cell, text.trim());
      if (value === null) {
        left.unknown += 1;
        continue;
      }
      before.push({ cell, value: read(cell) });
      write(cell, value);
    }
  }

  report(before, added, left) {
    const parts = [`已粘贴 ${before.length} 格`];
    if (added.length) parts.push(`新增 ${added.length} 行`);
    if (left.unknown) parts.push(`${left.unknown} 格的内容不在选项中，未填`);
    if (left.rows) parts.push(`${left.rows} 行超出本表，未填`);
    this.say(`${parts.join("，")}。`, "撤销", () => this.undo(before, added));
  }

  undo(before, added) {
    for (const { cell, value } of before) {
      if (added.includes(cell.parentElement)) continue;
      write(cell, value);
      this.changed(cell);
    }
    for (const line of added) this.rows.remove(line);
    if (added.length) this.rows.commit();
  }
}

function nextLine(line) {
  let next = line.nextElementSibling;
  while (next && (!next.dataset.line || next.hidden)) next = next.nextElementSibling;
  return next;
}

// What a pasted text means for a cell; null when it is none of its options.
function valueFor(cell, text) {
  const kind = kindOf(cell);
  const control = controlOf(cell);
  if (control.tagName === "SELECT") return optionFor([...control.options], text);
  if (kind === "bool") return optionFor(boxesOf(cell), text);
  if (kind === "multi") return multiFor(boxesOf(cell), text);
  return text;
}

function boxesOf(cell) {
  const boxes = [...cell.querySelectorAll("input:not([type=hidden])")];
  return boxes.map((box) => ({ value: box.value, textContent: box.parentElement.textContent }));
}

function optionFor(options, text) {
  const found = options.find((option) => option.value === text || option.textContent.trim() === text);
  if (!found) return null;
  return found.value === "true" ? true : found.value === "false" ? false : found.value;
}

function multiFor(options, text) {
  const parts = text.split(/[|｜、,，;；\s]+/).filter(Boolean);
  const found = parts.map((part) => optionFor(options, part));
  return found.includes(null) ? null : found;
}

// Tabs and line breaks as Excel copies them, with "quoted" cells that hold line breaks.
export function parseBlock(text) {
  const rows = [[""]];
  const clean = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  const add = (char) => (rows[rows.length - 1][rows[rows.length - 1].length - 1] += char);
  let quoted = false;
  for (let index = 0; index < clean.length; index += 1) {
    const char = clean[index];
    const row = rows[rows.length - 1];
    if (quoted && char === '"' && clean[index + 1] === '"') {
      add(char);
      index += 1;
    } else if (char === '"' && (quoted || row[row.length - 1] === "")) quoted = !quoted;
    else if (!quoted && char === "\t") row.push("");
    else if (!quoted && char === "\n") rows.push([""]);
    else add(char);
  }
  return rows;
}
