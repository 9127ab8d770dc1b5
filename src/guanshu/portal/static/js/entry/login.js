// Logging in again where one is: nothing typed is lost, the save goes on.

import { tokenOf } from "./transport.js";

export class Login {
  constructor(dialog, account, page) {
    Object.assign(this, { dialog, account, page, done: null });
    this.form = dialog.querySelector("form");
    this.error = dialog.querySelector("[role=alert]");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  }

  ask(done) {
    this.done = done ?? this.done;
    this.error.textContent = "";
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
    if (!response.ok || !entry) {
      this.refuse(page);
      return;
    }
    this.form.elements.password.value = "";
    // A page of another account must not receive this account's work.
    if (entry.dataset.account !== this.account) window.location.reload();
    this.dialog.close();
    this.done?.(tokenOf(page));
  }

  refuse(page) {
    const said = page.querySelector(".notice-error, .field-error");
    this.error.textContent = said ? said.textContent : "没有登录成功，请检查密码。";
    this.form.elements.password.select();
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
