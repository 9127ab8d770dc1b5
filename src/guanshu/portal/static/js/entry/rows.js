// Rows of a rows table: added, moved, removed (with 撤销). The order is a cell of its own, `table.rows`.
import { controlOf, read, write } from "./fields.js";

const PLACEHOLDER = "__row__";

export class Rows {
  // `changed(cell)` puts a cell's value into the queue, `say` shows a short message.
  constructor(box, { queue, changed, say }) {
    Object.assign(this, { box, queue, changed, say });
    this.table = box.dataset.table;
    this.limit = Number(box.dataset.limit) || Infinity;
    this.body = box.querySelector("tbody");
    this.template = box.querySelector("template");
    box.addEventListener("click", (event) => this.click(event));
  }

  lines() {
    return [...this.body.querySelectorAll("tr[data-row]")];
  }

  click(event) {
    const pressed = event.target.closest("[data-row-verb]");
    if (!pressed) return;
    event.preventDefault();
    const line = pressed.closest("tr[data-row]");
    const verb = pressed.dataset.rowVerb;
    if (verb === "add") this.addAndEnter();
    else if (verb === "remove") this.removeWithUndo(line);
    else this.move(line, verb === "up" ? -1 : 1, pressed);
  }

  addAndEnter() {
    const line = this.add();
    if (!line) return;
    this.commit();
    controlOf(line.querySelector("td[data-cell]:not(.calc)"))?.focus();
  }

  // Put a new line at the end (or before another) and return it; null when the table is full.
  add(before = null, id = newRowId()) {
    if (this.lines().length >= this.limit) {
      this.say(`本表最多填 ${this.limit} 行，不能再添加。`);
      return null;
    }
    const line = this.make(id);
    this.body.insertBefore(line, before);
    return line;
  }

  make(id) {
    const line = this.template.content.querySelector("tr").cloneNode(true);
    for (const element of [line, ...line.querySelectorAll("*")]) {
      for (const attribute of element.attributes) {
        if (attribute.value.includes(PLACEHOLDER)) attribute.value = attribute.value.replaceAll(PLACEHOLDER, id);
      }
    }
    return line;
  }

  removeWithUndo(line) {
    const lines = this.lines();
    const at = lines.indexOf(line);
    const values = this.values(line);
    this.remove(line);
    this.commit();
    const next = this.lines()[Math.min(at, lines.length - 2)];
    (next ? next.querySelector("[data-row-verb=remove]") : this.box.querySelector("[data-row-verb=add]")).focus();
    this.say(`已删除第 ${at + 1} 行。`, "撤销", () => this.restore(at, values));
  }

  remove(line) {
    for (const cell of line.querySelectorAll("td[data-cell]")) this.queue.drop(cell.dataset.cell);
    if (line.nextElementSibling?.classList.contains("notes")) line.nextElementSibling.remove();
    line.remove();
  }

  // The row comes back with a name of its own: the old one may be gone from the server already.
  restore(at, values) {
    const line = this.add(this.lines()[at] ?? null);
    if (!line) return;
    this.commit();
    this.fill(line, values);
  }

  values(line) {
    const cells = [...line.querySelectorAll("td[data-cell]:not(.calc)")];
    return cells.map((cell) => [cell.dataset.cell.split("].")[1], read(cell)]);
  }

  fill(line, values) {
    for (const [column, value] of values) {
      const cell = line.querySelector(`td[data-cell="${CSS.escape(`${this.table}[${line.dataset.row}].${column}`)}"]`);
      if (!cell || value === "" || (Array.isArray(value) && !value.length)) continue;
      write(cell, value);
      this.changed(cell);
    }
  }

  move(line, step, pressed) {
    const lines = this.lines();
    const at = lines.indexOf(line) + step;
    if (at < 0 || at >= lines.length) return;
    const order = lines.map((other) => other.dataset.row).filter((id) => id !== line.dataset.row);
    order.splice(at, 0, line.dataset.row);
    this.arrange(order);
    this.commit();
    pressed.focus();
  }

  // Bring the page to an order: new lines are made, missing ones go.
  arrange(order) {
    const known = new Map(this.lines().map((line) => [line.dataset.row, line]));
    for (const note of this.body.querySelectorAll("tr.notes")) note.remove();
    for (const [id, line] of known) if (!order.includes(id)) line.remove();
    for (const id of order) this.body.append(known.get(id) ?? this.make(id));
    this.renumber();
  }

  commit() {
    this.renumber();
    this.changed(this.box);
  }

  renumber() {
    const lines = this.lines();
    lines.forEach((line, index) => {
      line.querySelector(".no").textContent = index + 1;
    });
    const tick = this.box.querySelector(".tick input[type=checkbox]");
    if (tick) tick.disabled = lines.length > 0;
    this.box.querySelector(".rows-count").textContent = lines.length;
    this.box.querySelector(".rows-empty").hidden = lines.length > 0 || Boolean(tick?.checked);
  }
}

function newRowId() {
  const bytes = crypto.getRandomValues(new Uint8Array(5));
  return `r${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
