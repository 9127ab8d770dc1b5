// Links to cells put the cursor into the cell; links to other pages wait a moment for what is being saved.
import { cellOf } from "./fields.js";
import { enter } from "./keyboard.js";

const PATIENCE = 1500;

export function startLinks(saver) {
  window.addEventListener("hashchange", goToHash);
  // The browser's own jump to the fragment comes with the load and takes the focus away.
  if (document.readyState === "complete") goToHash();
  else window.addEventListener("load", () => setTimeout(goToHash));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.shiftKey || link.target) return;
    const url = new URL(link.href, window.location.href);
    if (url.pathname === window.location.pathname && url.hash) {
      event.preventDefault();
      if (window.location.hash === url.hash) goToHash();
      else window.location.hash = url.hash;
    } else if (saver?.busy && url.origin === window.location.origin) {
      event.preventDefault();
      saver.settle(PATIENCE).then(() => window.location.assign(url.href));
    }
  });
}

export function goToHash() {
  const id = decodeURIComponent(window.location.hash.slice(1));
  if (!id.startsWith("c-")) return;
  const cell = cellOf(id.slice(2));
  if (!cell) return;
  cell.scrollIntoView({ block: "center" });
  cell.classList.add("found");
  setTimeout(() => cell.classList.remove("found"), 2000);
  if (cell.dataset.wire === "rows") cell.querySelector("[data-row-verb=add]")?.focus();
  else enter(cell);
}
