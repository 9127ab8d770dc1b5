// Sentences under the lines of a table: findings from the server, and what could not be saved. The marks on the cells too.
import { cellOf, controlOf, seen, setSeen, write } from "./fields.js";
import { button } from "./state.js";

const TONES = { mandatory: "bad", quasi: "bad", problem: "bad", verify: "warn", conflict: "warn", comment: "warn" };

export class Notes {
  constructor(queue, edit) {
    this.queue = queue;
    this.edit = edit;
    this.inline = null;
  }

  // `inline` is the server's: address → [{kind, lead, message}]; without it the server's rendering stays.
  show(inline) {
    if (inline) this.inline = inline;
    const own = this.ownNotes();
    if (!this.inline && !own.size) return;
    this.inline ??= readRendered();
    const all = new Map(Object.entries(this.inline));
    for (const [address, note] of own) all.set(address, [...(all.get(address) ?? []), note]);
    this.render(all);
  }

  ownNotes() {
    const found = new Map();
    for (const [address, entry] of this.queue.entries()) {
      if (entry.problem) found.set(address, { kind: "problem", lead: "未保存", message: entry.problem });
      if (entry.conflict) found.set(address, this.conflictNote(address, entry));
    }
    return found;
  }

  conflictNote(address, { conflict }) {
    const who = [conflict.by || "他人", conflict.at].filter(Boolean).join(" ");
    const message = `${who} 已改为「${conflict.display || "空白"}」。`;
    const mine = button("用我的", () => this.resolve(address, true));
    const theirs = button("用对方的", () => this.resolve(address, false));
    return { kind: "conflict", lead: "两处修改不一致", message, buttons: [mine, theirs] };
  }

  resolve(address, mine) {
    const entry = this.queue.get(address);
    const cell = cellOf(address);
    if (!entry?.conflict || !cell) return;
    setSeen(cell, entry.conflict.stored);
    this.queue.drop(address);
    if (mine) this.queue.put(address, seen(cell), entry.new, entry.kind);
    else write(cell, entry.conflict.text ?? seen(cell));
    this.show();
    this.edit();
    controlOf(cell)?.focus();
  }

  render(all) {
    for (const old of document.querySelectorAll("tr.notes")) old.remove();
    for (const line of document.querySelectorAll("tr[data-line]")) renderLine(line, all);
    for (const list of document.querySelectorAll("[data-notes]")) renderList(list, all);
    for (const box of document.querySelectorAll(".explain")) renderExplain(box, all);
  }
}

function renderLine(line, all) {
  const items = [];
  for (const cell of line.querySelectorAll("td[data-cell]")) {
    const notes = all.get(cell.dataset.cell) ?? [];
    items.push(...notes);
    mark(cell, notes, `m-${line.dataset.line}`);
  }
  if (!items.length || line.hidden) return;
  const row = document.createElement("tr");
  row.className = "notes";
  row.id = `m-${line.dataset.line}`;
  const cell = row.insertCell();
  cell.colSpan = line.cells.length;
  const list = document.createElement("ul");
  list.append(...items.map((note) => item(note, "li")));
  cell.append(list);
  line.after(row);
}

function mark(cell, notes, id) {
  const tones = notes.map((note) => TONES[note.kind]);
  const tone = tones.includes("bad") ? "bad" : tones.includes("warn") ? "warn" : "";
  cell.classList.toggle("is-bad", tone === "bad");
  cell.classList.toggle("is-warn", tone === "warn");
  for (const control of cell.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    setOrRemove(control, "aria-invalid", tone ? "true" : "");
    setOrRemove(control, "aria-describedby", notes.length ? id : "");
  }
}

function setOrRemove(element, name, value) {
  if (value) element.setAttribute(name, value);
  else element.removeAttribute(name);
}

function renderList(list, all) {
  const notes = list.dataset.notes.split(" ").flatMap((address) => all.get(address) ?? []);
  list.replaceChildren(...notes.map((note) => item(note, "li")));
}

function renderExplain(box, all) {
  const notes = (all.get(box.dataset.cell) ?? []).filter((note) => note.kind === "problem" || note.kind === "conflict");
  box.querySelector(".cell-notes").replaceChildren(...notes.map((note) => item(note, "p")));
}

function item(note, tag) {
  const made = document.createElement(tag);
  made.className = `nb nb-${note.kind}`;
  const lead = document.createElement("b");
  lead.textContent = note.lead;
  made.append(lead, ` ${note.message} `, ...(note.buttons ?? []));
  return made;
}

// What the server rendered with the page, so that a note of our own can be added before its first answer.
function readRendered() {
  const found = {};
  for (const line of document.querySelectorAll("tr.notes li[data-note]")) {
    const kind = [...line.classList].find((name) => name.startsWith("nb-")).slice(3);
    const lead = line.querySelector("b").textContent;
    const message = line.textContent.slice(lead.length).trim();
    (found[line.dataset.note] ??= []).push({ kind, lead, message });
  }
  return found;
}
