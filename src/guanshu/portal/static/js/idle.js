// Says five minutes before that an unused session is about to end, and what to do when it has ended. The server is asked
// each time: another tab may have kept the session alive. Nothing on the page is touched except the forms' token.

const box = document.getElementById("idle-warning");
const WARN = 60 * Number(box?.dataset.warning);
const WHOLE = 60 * Number(box?.dataset.minutes);
// Typing into a form sends nothing for a long time, but it is no idleness.
const TELL_EVERY = 4 * 60 * 1000;
let told = Date.now();
let timer = 0;
let over = false;

if (box) start();

function start() {
  box.querySelector("[data-stay]").addEventListener("click", () => stay());
  for (const event of ["input", "keydown", "pointerdown"]) document.addEventListener(event, busy, { passive: true });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) check();
  });
  wait(WHOLE - WARN);
}

function wait(seconds) {
  clearTimeout(timer);
  timer = setTimeout(check, Math.max(1, seconds) * 1000);
}

async function check() {
  const left = await ask();
  if (left === null) {
    wait(30);
    return;
  }
  if (left > WARN) {
    hide();
    wait(left - WARN);
    return;
  }
  show(left);
  wait(left > 60 ? 30 : 10);
}

// Seconds left, 0 when the session is over, null when the server cannot be reached.
async function ask() {
  try {
    const response = await fetch("/sessions/left/", { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (response.status === 401) return 0;
    if (!response.ok) return null;
    const answer = await response.json();
    if (over) renew(answer.token);
    return answer.seconds;
  } catch {
    return null;
  }
}

async function stay() {
  told = Date.now();
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  try {
    await fetch("/sessions/stay/", { method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" }, credentials: "same-origin" });
  } catch {
    // The next check tells.
  }
  check();
}

function busy(event) {
  if (over || box.contains(event.target) || Date.now() - told < TELL_EVERY) return;
  stay();
}

function show(left) {
  over = left <= 0;
  box.querySelector("[data-stay]").hidden = over;
  box.querySelector("[data-again]").hidden = !over;
  box.querySelector("#idle-title").textContent = over
    ? "登录已失效。本页填写的内容都还在：请在新窗口登录，再回到本页继续。"
    : `您已有一段时间没有操作，${Math.max(1, Math.round(left / 60))} 分钟后将自动退出登录。`;
  box.hidden = false;
}

function hide() {
  over = false;
  box.hidden = true;
}

// After logging in in another window the forms of this page have an old token.
function renew(token) {
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => {
    field.value = token;
  });
}
