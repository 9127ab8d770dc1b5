// Puts the server's answer on the page: stored values, totals, changes from last year, findings, progress.
import { cellOf, controlOf, decode, encode, kindOf, plain, read, seen, setSeen, write } from "./fields.js";
import { restoreReplies, typedReplies } from "./remarks.js";

export function applyAnswer(answer, queue) {
  for (const [address, saved] of Object.entries(answer.saved ?? {})) applySaved(address, saved, queue);
  for (const [address, value] of Object.entries(answer.computed ?? {})) applyComputed(address, value);
  for (const [address, change] of Object.entries(answer.change ?? {})) applyChange(address, change);
  if (answer.hidden) applyHidden(new Set(answer.hidden));
  if (answer.required) applyRequired(answer.required);
  for (const name of ["findings", "comments", "nav", "progress"]) applyFragment(name, answer[`${name}_html`], queue);
}

function applySaved(address, saved, queue) {
  const cell = cellOf(address);
  if (!cell) return;
  setSeen(cell, saved.stored);
  const control = controlOf(cell);
  if (queue.get(address) || !control) return;
  // Somebody is still typing here: the tidy form can wait until they leave the cell.
  if (document.activeElement === control && control.type !== "checkbox" && control.tagName !== "SELECT") return;
  write(cell, decode(kindOf(cell), encode(kindOf(cell), saved.stored)));
}

// On leaving a cell, show what is stored as it is stored (9100 → 9,100.00).
export function tidy(cell, queue) {
  if (kindOf(cell) !== "text" || queue.get(cell.dataset.cell)) return;
  const shown = plain(read(cell));
  if (shown !== seen(cell) && shown.trim() === "") return;
  write(cell, seen(cell));
}

function applyComputed(address, { display, partial }) {
  const cell = cellOf(address);
  if (!cell) return;
  cell.querySelector(".v").textContent = display;
  const mark = cell.querySelector(".partial");
  if (mark) mark.hidden = !partial;
}

function applyChange(address, change) {
  const cell = document.querySelector(`[data-change="${CSS.escape(address)}"]`);
  if (!cell) return;
  cell.textContent = change.text;
  cell.classList.toggle("notable", change.notable);
}

function applyHidden(hidden) {
  for (const cell of document.querySelectorAll("td[data-cell]")) {
    const off = hidden.has(cell.dataset.cell);
    if (cell.classList.contains("off") === off) continue;
    cell.classList.toggle("off", off);
    const line = cell.parentElement;
    if (line.dataset.line === cell.dataset.cell) line.hidden = off;
  }
}

function applyRequired(required) {
  for (const [address, needed] of Object.entries(required)) {
    const mark = cellOf(address)?.parentElement.querySelector("[data-opt]");
    if (mark) mark.hidden = needed;
  }
}

// Swap a fragment without taking the focus or unsent text away from whoever is in it.
function applyFragment(name, html, queue) {
  const box = document.querySelector(`[data-fragment="${name}"]`);
  if (!box || html === undefined) return;
  const active = box.contains(document.activeElement) ? document.activeElement : null;
  const before = active && { name: active.name, href: active.getAttribute("href"), value: active.value, at: active.selectionStart };
  const typed = typedReplies(box);
  box.innerHTML = html;
  overlayFields(box, queue);
  restoreReplies(box, typed);
  window.htmx?.process(box);
  if (before) restoreFocus(box, before);
}

function overlayFields(box, queue) {
  for (const cell of box.querySelectorAll("[data-cell]")) {
    const entry = queue.get(cell.dataset.cell);
    if (entry) write(cell, entry.new);
  }
}

function restoreFocus(box, before) {
  const selector = before.name ? `[name="${CSS.escape(before.name)}"]` : before.href ? `[href="${CSS.escape(before.href)}"]` : "";
  const target = selector && box.querySelector(selector);
  if (!target) return;
  if (before.name) target.value = before.value;
  target.focus({ preventScroll: true });
  if (typeof before.at === "number") target.setSelectionRange(before.at, before.at);
}
