// Moving through the cells as in a spreadsheet: Enter and arrows, Esc restores. Tab stays the browser's.
import { cellAround, controlOf, encode, kindOf, read, write } from "./fields.js";

export class Keyboard {
  constructor(form, changed) {
    this.form = form;
    this.changed = changed;
    this.before = null;
    form.addEventListener("focusin", (event) => this.remember(event.target));
    form.addEventListener("keydown", (event) => this.press(event));
  }

  remember(element) {
    const cell = cellAround(element);
    if (cell && kindOf(cell) !== "rows" && controlOf(cell)) this.before = { cell, value: read(cell) };
  }

  press(event) {
    const control = event.target;
    const cell = cellAround(control);
    if (!cell || event.isComposing || event.altKey || event.metaKey || !control.name) return;
    const step = this.stepOf(event, control);
    if (event.key === "Escape") this.restore(cell, control);
    else if (step) this.go(event, cell, step);
  }

  stepOf(event, control) {
    const area = control.tagName === "TEXTAREA";
    const text = control.tagName === "INPUT" && control.type === "text";
    if (event.key === "Enter") return area && !event.ctrlKey ? null : { rows: event.shiftKey ? -1 : 1, columns: 0 };
    if (event.ctrlKey || event.shiftKey || !text) return null;
    if (event.key === "ArrowDown") return { rows: 1, columns: 0 };
    if (event.key === "ArrowUp") return { rows: -1, columns: 0 };
    if (event.key === "ArrowLeft" && atEdge(control, 0)) return { rows: 0, columns: -1 };
    if (event.key === "ArrowRight" && atEdge(control, control.value.length)) return { rows: 0, columns: 1 };
    return null;
  }

  go(event, cell, { rows, columns }) {
    const target = rows ? below(cell, rows) : beside(cell, columns);
    // Enter never submits the form, also in the last line; arrows do nothing there.
    if (event.key === "Enter" || target) event.preventDefault();
    enter(target);
  }

  restore(cell, control) {
    if (this.before?.cell !== cell) return;
    if (encode(kindOf(cell), read(cell)) === encode(kindOf(cell), this.before.value)) return;
    write(cell, this.before.value);
    this.changed(cell);
    control.select?.();
  }
}

export function enter(cell) {
  const control = cell && controlOf(cell);
  if (!control) return;
  control.focus();
  if (control.tagName === "INPUT" && control.type === "text") control.select();
}

// The nearest cell with an input in the same column, up or down; lines of notes and hidden lines are passed over.
export function below(cell, step) {
  if (cell.tagName !== "TD") return null;
  let line = cell.parentElement;
  for (;;) {
    line = step > 0 ? line.nextElementSibling : line.previousElementSibling;
    if (!line) return null;
    const found = line.dataset.line && !line.hidden ? line.cells[cell.cellIndex] : null;
    if (usable(found)) return found;
  }
}

export function beside(cell, step) {
  if (cell.tagName !== "TD") return null;
  let found = cell;
  for (;;) {
    found = step > 0 ? found.nextElementSibling : found.previousElementSibling;
    if (!found) return null;
    if (usable(found)) return found;
  }
}

function usable(cell) {
  return Boolean(cell?.dataset.cell && !cell.classList.contains("off") && controlOf(cell));
}

function atEdge(control, position) {
  const whole = control.selectionStart === 0 && control.selectionEnd === control.value.length;
  return whole || (control.selectionStart === control.selectionEnd && control.selectionStart === position);
}
