// 指标解释: <details> at each name work without this; here they leave the Tab order of the cells and open with F1.

export function startHelp(root) {
  const boxes = [...root.querySelectorAll("tr[data-line] .help-box")];
  const all = root.querySelector("[data-help-all]");
  for (const box of boxes) box.querySelector("summary").tabIndex = -1;
  if (all && boxes.length) startAll(all, boxes);
  root.addEventListener("keydown", (event) => {
    if (event.key !== "F1") return;
    const box = event.target.closest("tr[data-line]")?.querySelector(".help-box");
    if (!box) return;
    event.preventDefault();
    box.open = !box.open;
  });
}

// The button stays in the Tab order, so that every explanation can be reached without knowing F1.
function startAll(all, boxes) {
  all.hidden = false;
  all.addEventListener("click", () => {
    const open = all.getAttribute("aria-pressed") !== "true";
    all.setAttribute("aria-pressed", String(open));
    all.textContent = open ? "收起指标解释" : "显示指标解释";
    for (const box of boxes) box.open = open;
  });
}
