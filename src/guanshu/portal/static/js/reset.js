// 「短信重置」 without this file is a form with two buttons. With it the code is asked for beside the page, so that a new
// password already typed stays, and the button counts down.
const form = document.getElementById("reset-form");
const button = document.getElementById("ask");
const told = document.getElementById("ask-told");
const label = button.textContent;
let timer = 0;

const say = (message, tone) => {
  const line = document.createElement("p");
  line.className = `notice notice-${tone}`;
  line.textContent = message;
  told.replaceChildren(line);
};

const countDown = (seconds) => {
  const end = Date.now() + seconds * 1000;
  clearInterval(timer);
  const show = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? `${left} 秒后可再次获取` : label;
    if (left <= 0) clearInterval(timer);
  };
  show();
  timer = setInterval(show, 500);
};

const ask = async () => {
  const account = document.getElementById("id_username");
  if (!account.value.trim()) {
    say("请填写账号，再获取验证码。", "error");
    account.focus();
    return;
  }
  button.disabled = true;
  button.textContent = "正在发送…";
  const body = new URLSearchParams({ ask: "1", username: account.value });
  const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers, redirect: "error" });
    const said = await answer.json();
    say(said.message, answer.ok ? "success" : "error");
    countDown(said.wait || 0);
    if (answer.ok) document.getElementById("id_code").focus();
  } catch {
    say("网络不通，或服务器没有响应，请检查网络后再次获取。", "error");
    countDown(0);
  }
};

button.addEventListener("click", (event) => {
  event.preventDefault();
  ask();
});

document.getElementById("id_username").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  if (!button.disabled) ask();
});

if (Number(button.dataset.wait) > 0) countDown(Number(button.dataset.wait));
