// Logging in again where one is: nothing typed is lost, the save goes on.

import { tokenOf } from "./transport.js";

export class Login {
  constructor(dialog, account, page) {
    Object.assign(this, { dialog, account, page, done: null });
    this.form = dialog.querySelector("form");
    this.error = dialog.querySelector("[role=alert]");
    // Shown when the account has a second factor: the second step of the same log-in.
    this.step = dialog.querySelector("[data-code]");
    this.action = this.form.action;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  }

  ask(done) {
    this.done = done ?? this.done;
    this.error.textContent = "";
    this.askForCode(null);
    if (!this.dialog.open) this.dialog.showModal();
    this.form.elements.password.focus();
  }

  async submit() {
    this.error.textContent = "";
    try {
      await this.logIn();
    } catch {
      this.error.textContent = "连接不上服务器，请稍后再试。您填写的内容仍保存在本机。";
    }
  }

  async logIn() {
    const fields = new FormData(this.form);
    fields.set("csrfmiddlewaretoken", await freshToken(this.form.action));
    fields.set("next", this.page);
    const response = await fetch(this.form.action, { method: "POST", body: new URLSearchParams(fields), credentials: "same-origin" });
    const page = parse(await response.text());
    const entry = page.getElementById("entry");
    const code = page.getElementById("login-code");
    if (code && this.step.hidden) {
      this.askForCode(code.action);
      return;
    }
    if (!response.ok || !entry) {
      if (!code) this.askForCode(null);
      this.refuse(page);
      return;
    }
    this.form.elements.password.value = "";
    this.askForCode(null);
    // A page of another account must not receive this account's work.
    if (entry.dataset.account !== this.account) window.location.reload();
    this.dialog.close();
    this.done?.(tokenOf(page));
  }

  askForCode(action) {
    const { code, password } = this.form.elements;
    this.step.hidden = !action;
    code.required = Boolean(action);
    code.value = "";
    this.form.action = action ? new URL("/login/code/", window.location.href).href : this.action;
    (action ? code : password).focus();
  }

  refuse(page) {
    const said = page.querySelector(".notice-error, .field-error, .notice-warning");
    this.error.textContent = said ? said.textContent : "没有登录成功，请检查密码。";
    (this.step.hidden ? this.form.elements.password : this.form.elements.code).select();
  }
}

// The cookie may be gone with the session; the log-in page sets it again.
async function freshToken(url) {
  const response = await fetch(url, { credentials: "same-origin" });
  return parse(await response.text()).querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

function parse(text) {
  return new DOMParser().parseFromString(text, "text/html");
}
