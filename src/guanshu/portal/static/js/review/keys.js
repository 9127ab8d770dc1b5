// Review by keyboard. Everything a key does is also a link or a button on the page; this file only presses them.
// Stops are the rows of changes, findings and comments, in the order of the page.

const SWITCH = "guanshu|review-keys";
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

const help = document.getElementById("keys");
const toggle = document.getElementById("keys-switch");
let current = null;

// Single letters can be in the way of speech input, so they can be switched off (WCAG 2.1.4).
const box = toggle.querySelector("input");
box.checked = localStorage.getItem(SWITCH) !== "off";
toggle.hidden = false;
box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));

const stops = () =>
  [...document.querySelectorAll("[data-stop]")].filter((stop) => stop.getClientRects().length > 0);

const stand = (stop) => {
  document.querySelectorAll(".at").forEach((other) => other.classList.remove("at"));
  current = stop;
  stop.classList.add("at");
  stop.tabIndex = -1;
  stop.focus({ preventScroll: true });
  stop.scrollIntoView({ block: "nearest" });
};

const move = (step) => {
  const all = stops();
  if (all.length === 0) return;
  const place = all.indexOf(current);
  const next = place < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(place + step, 0), all.length - 1);
  stand(all[next]);
};

const press = (element) => {
  if (element) element.click();
  return Boolean(element);
};

// The cell one stands on: of the stop, or where the address in the bar points to.
const address = () =>
  (current && current.isConnected && current.dataset.address) || decodeURIComponent(location.hash.replace(/^#c-/, ""));

const say = () => {
  const where = address();
  const link = where && document.querySelector(`[data-say="${CSS.escape(where)}"]`);
  if (!link) return false;
  link.closest("tr").scrollIntoView({ block: "center" });
  return press(link);
};

const jump = () => {
  if (!current || document.activeElement !== current) return false;
  return press(current.querySelector("a[href^='#']"));
};

const actions = {
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => (document.activeElement === current && current ? move(1) : false),
  ArrowUp: () => (document.activeElement === current && current ? move(-1) : false),
  Enter: jump,
  c: say,
  "?": () => {
    help.open = !help.open;
    if (help.open) help.querySelector("summary").focus();
  },
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && help.open) {
    help.open = false;
    return;
  }
  const typing = event.target.closest && event.target.closest(TYPING);
  if (typing || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || !box.checked) return;
  const act = actions[event.key] || (/^[npar]$/.test(event.key) && (() => press(document.querySelector(`[data-key=${event.key}]`))));
  if (act && act() !== false) event.preventDefault();
});

// A box that htmx has put on the page is there to be typed in.
document.addEventListener("htmx:afterSwap", (event) => {
  const area = event.target.querySelector && event.target.querySelector("textarea");
  if (area) area.focus();
});
