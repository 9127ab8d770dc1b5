// Cells of the page: finding them, reading and writing them. What is stored is in each cell's hidden field, so that an
// ordinary form post sends the same thing.

export function cellOf(address, root = document) {
  return root.querySelector(`[data-cell="${CSS.escape(address)}"]`);
}

export function cellAround(element) {
  return element.closest?.("[data-cell]") ?? null;
}

export function kindOf(cell) {
  return cell.dataset.wire || "text";
}

export function controlOf(cell) {
  return cell.querySelector("input:not([type=hidden]), select, textarea");
}

export function isNumber(cell) {
  return controlOf(cell)?.inputMode === "decimal";
}

export function decode(kind, text) {
  if (kind === "multi") return text ? text.split("|") : [];
  if (kind === "rows") return text ? text.split(" ") : [];
  if (kind === "bool" && (text === "true" || text === "false")) return text === "true";
  return text;
}

export function encode(kind, value) {
  if (value === null || value === undefined) return "";
  if (value.na === true) return "不适用";
  if (kind === "multi") return value.join("|");
  if (kind === "rows") return value.join(" ");
  return String(value);
}

function hidden(cell) {
  return cell.querySelector(":scope > input[type=hidden]");
}

export function seen(cell) {
  return decode(kindOf(cell), hidden(cell)?.value ?? "");
}

export function setSeen(cell, stored) {
  const field = hidden(cell);
  if (field) field.value = encode(kindOf(cell), stored);
}

export function read(cell) {
  const kind = kindOf(cell);
  if (kind === "rows") return [...cell.querySelectorAll("tr[data-row]")].map((line) => line.dataset.row);
  if (kind === "multi") return [...cell.querySelectorAll("input:checked")].map((box) => box.value);
  if (kind === "bool") return readBool(cell);
  return controlOf(cell).value;
}

function readBool(cell) {
  const control = controlOf(cell);
  const chosen = control.tagName === "SELECT" ? control : cell.querySelector("input:checked");
  return chosen ? decode("bool", chosen.value) : "";
}

export function write(cell, value) {
  const kind = kindOf(cell);
  const text = encode(kind, value);
  if (kind === "rows") return;
  const control = controlOf(cell);
  if (!control) return;
  if (control.type === "checkbox" || control.type === "radio") {
    const chosen = kind === "multi" ? text.split("|") : [text];
    for (const box of cell.querySelectorAll("input:not([type=hidden])")) box.checked = chosen.includes(box.value);
    return;
  }
  control.value = isNumber(cell) && document.activeElement !== control ? grouped(text) : text;
}

// Whether the cell shows what is stored; separators are for the eye.
export function unchanged(cell) {
  const kind = kindOf(cell);
  const now = encode(kind, read(cell));
  const stored = encode(kind, seen(cell));
  return now === stored || (isNumber(cell) && plain(now) === stored);
}

export function plain(text) {
  return /^-?\d{1,3}(,\d{3})+(\.\d*)?$/.test(text) ? text.replaceAll(",", "") : text;
}

export function grouped(text) {
  const match = /^(-?\d+)(\.\d*)?$/.exec(text);
  return match ? match[1].replace(/\B(?=(\d{3})+$)/g, ",") + (match[2] ?? "") : text;
}

// 「无」 and 不适用 stand alone among boxes.
export function keepExclusive(box) {
  if (box.type !== "checkbox" || !box.checked) return;
  const lonely = box.dataset.exclusive !== undefined;
  for (const other of cellAround(box).querySelectorAll("input[type=checkbox]")) {
    if (other !== box && (lonely || other.dataset.exclusive !== undefined)) other.checked = false;
  }
}
