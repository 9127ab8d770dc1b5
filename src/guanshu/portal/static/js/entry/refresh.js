// Somebody else saved meanwhile: what they stored is shown, what is typed here and unsent stays.
import { cellOf, controlOf, decode, encode, kindOf, read, seen, setSeen, write } from "./fields.js";

// Bring this page's cells to what `page` (just fetched) shows; return whether anything changed.
export function mergePage(page, queue, rows) {
  const replaced = rows ? replaceRows(page, rows) : false;
  let changed = replaced;
  for (const fetched of page.querySelectorAll("#entry [data-cell]")) {
    const cell = cellOf(fetched.dataset.cell);
    if (cell && kindOf(cell) !== "rows" && controlOf(cell) && update(cell, fetched, queue)) changed = true;
  }
  return changed;
}

function update(cell, fetched, queue) {
  const kind = kindOf(cell);
  const stored = encode(kind, seen(fetched));
  if (stored === encode(kind, seen(cell)) || queue.get(cell.dataset.cell)) return false;
  setSeen(cell, decode(kind, stored));
  write(cell, decode(kind, stored));
  return true;
}

// Other rows than here: take the stored ones; the cursor goes back to where it was.
function replaceRows(page, rows) {
  const fetched = cellOf(rows.box.dataset.cell, page);
  if (!fetched || encode("rows", read(fetched)) === encode("rows", read(rows.box))) return false;
  const { name, selectionStart } = document.activeElement ?? {};
  rows.body.replaceChildren(...fetched.querySelector("tbody").children);
  setSeen(rows.box, seen(fetched));
  rows.renumber();
  const focused = name && rows.body.querySelector(`[name="${CSS.escape(name)}"]`);
  focused?.focus();
  if (typeof selectionStart === "number") focused?.setSelectionRange?.(selectionStart, selectionStart);
  return true;
}
