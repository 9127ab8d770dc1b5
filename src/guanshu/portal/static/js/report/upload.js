// Uploads with progress. Without this file the forms post as they are.

const FAR = "连接不上服务器，请检查网络后重新上传。";

for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    start(form);
  });
}

function start(form) {
  const line = document.querySelector(`[data-progress-of="${CSS.escape(form.id)}"]`);
  const error = document.querySelector(`[data-error-of="${CSS.escape(form.id)}"]`);
  const buttons = [...document.querySelectorAll("button[type=submit]")].filter((button) => button.form === form);
  const request = new XMLHttpRequest();
  const busy = (on) => {
    line.hidden = !on;
    for (const button of buttons) button.disabled = on;
  };
  const refuse = (message) => {
    busy(false);
    error.textContent = message;
  };
  error.textContent = "";
  busy(true);
  show(line, 0, "正在上传…");
  request.upload.addEventListener("progress", (event) => progress(line, event));
  request.upload.addEventListener("load", () => show(line, 100, "已收到，正在检查内容…"));
  request.addEventListener("load", () => finish(request, refuse));
  request.addEventListener("error", () => refuse(FAR));
  request.addEventListener("abort", () => refuse("已取消，没有上传。"));
  line.querySelector("[data-abort]").onclick = () => request.abort();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRFToken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  request.send(new FormData(form));
}

function progress(line, event) {
  if (!event.lengthComputable) return;
  const percent = Math.floor((event.loaded / event.total) * 100);
  show(line, percent, `正在上传 ${percent}%（${size(event.loaded)} / ${size(event.total)}）`);
}

function show(line, percent, text) {
  line.querySelector("progress").value = percent;
  const words = line.querySelector(".up-text");
  if (words.textContent !== text) words.textContent = text;
}

function size(bytes) {
  return bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

function finish(request, refuse) {
  const data = parse(request.responseText);
  if (request.status === 200 && data.url) {
    const here = window.location.pathname + window.location.search;
    if (data.url.split("#")[0] !== here) window.location.assign(data.url);
    else {
      window.history.replaceState(null, "", data.url);
      window.location.reload();
    }
    return;
  }
  refuse(data.message || (request.status === 401 ? "登录已失效，请刷新页面重新登录后再上传。" : FAR));
}

function parse(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
