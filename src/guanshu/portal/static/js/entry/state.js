// The one line that says whether the work is safe. It never says more than the server has confirmed.

const LEAVE = "有内容还没有保存，离开后可能丢失。";

export class SaveState {
  constructor(queue) {
    this.line = document.getElementById("save-state");
    this.toast = document.getElementById("toast");
    this.queue = queue;
    this.at = "";
    window.addEventListener("beforeunload", (event) => this.warn(event));
  }

  // Typed text is kept by the browser and sent later; only where it cannot be kept is leaving dangerous.
  warn(event) {
    if (this.queue.persistent || !this.queue.entries().size) return;
    event.preventDefault();
    event.returnValue = LEAVE;
  }

  show(state, message = "") {
    const held = this.queue.held().length;
    const [tone, text] = {
      waiting: ["", "正在保存…"],
      saving: ["", "正在保存…"],
      saved: ["text-ok", this.at ? `✓ 已保存 ${this.at}` : ""],
      held: ["text-mandatory", `未保存：${held} 处需要更正后才能保存`],
      away: ["text-verify", `未保存：${message}，将自动重试`],
      loggedOut: ["text-mandatory", "未保存：登录已失效，请重新登录"],
      refused: ["text-mandatory", `未保存：${message}`],
    }[state];
    if (!this.line || !text) return;
    this.line.dataset.state = state;
    this.line.className = `save-state ${tone}`;
    this.line.textContent = text;
    if (state === "loggedOut") this.line.append(" ", button("重新登录", () => this.onLogIn?.()));
    if (state === "held") this.line.append(" ", button("去更正", () => this.onHeld?.()));
  }

  // A short message with at most one action (撤销).
  say(text, label = "", action = null) {
    if (!this.toast) return;
    clearTimeout(this.timer);
    this.toast.textContent = text;
    if (action) {
      const undo = button(label, () => {
        this.hush();
        action();
      });
      this.toast.append(" ", undo);
    }
    this.timer = setTimeout(() => this.hush(), 20000);
  }

  hush() {
    this.toast.textContent = "";
  }
}

export function button(label, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm btn-outline-secondary";
  made.textContent = label;
  made.addEventListener("click", action);
  return made;
}
