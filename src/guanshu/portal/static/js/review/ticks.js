// Counts the ticks of the queue, and ticks at once whatever is explained well enough. The list may be swapped by htmx.
const ticks = () => [...document.querySelectorAll("#several input[name=report]")];

const refresh = () => {
  const all = document.getElementById("tick-all");
  const count = document.getElementById("tick-count");
  if (!all || !count) return;
  const clear = ticks().filter((tick) => !("thin" in tick.dataset));
  const ticked = ticks().filter((tick) => tick.checked);
  all.hidden = clear.length === 0;
  all.querySelector("input").checked = clear.length > 0 && clear.every((tick) => tick.checked);
  count.textContent = ticked.length ? `（${ticked.length}）` : "";
};

document.addEventListener("change", (event) => {
  if (event.target.closest("#tick-all")) {
    ticks()
      .filter((tick) => !("thin" in tick.dataset))
      .forEach((tick) => {
        tick.checked = event.target.checked;
      });
  }
  if (event.target.closest("#several")) refresh();
});
document.addEventListener("htmx:afterSwap", refresh);
window.addEventListener("pageshow", refresh);
refresh();
