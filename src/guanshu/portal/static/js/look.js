// 「查看」 opens a file in a dialog over the page; without this file it is a link to a page of its own.
const dialog = document.createElement("dialog");
dialog.className = "look-dialog";
dialog.setAttribute("aria-label", "查看文件");
const bar = document.createElement("div");
bar.className = "look-bar";
const close = document.createElement("button");
close.type = "button";
close.className = "btn btn-sm btn-outline-secondary";
close.textContent = "关闭";
bar.append(close);
const inside = document.createElement("div");
inside.id = "look-inside";
inside.tabIndex = -1;
dialog.append(bar, inside);
document.body.append(dialog);
let from = null;
let asked = 0;

const say = (text, kind) => {
  const line = document.createElement("p");
  line.className = kind;
  line.setAttribute("role", "status");
  line.textContent = text;
  inside.replaceChildren(line);
};

const show = async (url) => {
  asked += 1;
  const mine = asked;
  say("正在准备，Word 文件可能需要十几秒……", "look-wait");
  if (!dialog.open) dialog.showModal();
  close.focus();
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (mine !== asked || !dialog.open) return;
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    inside.replaceChildren(...page.body.childNodes);
    inside.scrollTop = 0;
  } catch (error) {
    if (mine !== asked || !dialog.open) return;
    const why = error.message === "401" ? "登录已过期，请重新登录后再查看。" : "没有打开，请稍后重试，或下载后查看。";
    say(why, "notice notice-warning look-note");
  }
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-look]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (!dialog.contains(link)) from = link;
  show(link.href);
});

// Keys of the page beneath (review, entry) must not act while a file lies over it; Escape closes the dialog itself.
dialog.addEventListener("keydown", (event) => event.stopPropagation());
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
close.addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => {
  asked += 1;
  inside.replaceChildren();
  if (from) from.focus();
  from = null;
});
