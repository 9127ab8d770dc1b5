// 退回意见 beside a table: htmx sends replies with the page's token, and a reply quietens the sentence at its cell.
import { tokenOf } from "./transport.js";

export function startRemarks() {
  document.addEventListener("htmx:configRequest", (event) => {
    const token = tokenOf(document);
    if (token) event.detail.headers["X-CSRFToken"] = token;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id === "comments") quieten(event.detail.target);
  });
}

function quieten(box) {
  for (const remark of box.querySelectorAll("[data-remark][data-done]")) {
    const selector = `.nb-comment[data-note="${CSS.escape(remark.dataset.remark)}"]`;
    for (const note of document.querySelectorAll(selector)) {
      note.className = "nb nb-hint";
      note.querySelector("b").textContent = "退回意见已处理";
      document.querySelector(`[data-cell="${CSS.escape(remark.dataset.remark)}"]`)?.classList.remove("is-warn");
    }
  }
}

// Replies being written stay when the comments are shown anew.
export function typedReplies(box) {
  const fields = [...box.querySelectorAll("textarea[data-reply]")];
  return fields.filter((field) => field.value !== field.defaultValue).map((field) => [field.dataset.reply, field.value]);
}

export function restoreReplies(box, typed) {
  for (const [id, value] of typed) {
    const field = box.querySelector(`textarea[data-reply="${CSS.escape(id)}"]`);
    if (field) field.value = value;
  }
}
