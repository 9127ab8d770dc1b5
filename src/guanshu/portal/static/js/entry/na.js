// 不适用 as a button beside the cells that allow it; without this the word itself can be typed.
import { cellAround, controlOf } from "./fields.js";

const WORD = "不适用";

// `changed(cell)` puts a cell's value into the queue.
export function startNa(root, changed) {
  for (const control of root.querySelectorAll("[data-na]")) addButton(control, changed);
  root.addEventListener("input", (event) => event.target.dataset.na !== undefined && show(event.target));
}

function addButton(control, changed) {
  const box = document.createElement("span");
  box.className = "with-na";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "na-btn";
  button.textContent = WORD;
  control.replaceWith(box);
  box.append(control, button);
  show(control);
  button.addEventListener("click", () => {
    control.value = control.value.trim() === WORD ? "" : WORD;
    changed(cellAround(control));
    show(control);
    control.focus();
  });
}

function show(control) {
  control.parentElement.querySelector(".na-btn")?.setAttribute("aria-pressed", String(control.value.trim() === WORD));
}

// After the page wrote into a cell itself.
export function refreshNa(root) {
  for (const button of root.querySelectorAll(".na-btn")) show(controlOf(cellAround(button)));
}
