// One request to the server and what came of it.

const PATIENCE = 20000;

export async function send(url, body, token) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), PATIENCE);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body,
      credentials: "same-origin",
      redirect: "error",
      signal: controller.signal,
    });
    return await judge(response);
  } catch {
    return { kind: "away", message: navigator.onLine === false ? "网络已断开" : "连接不上服务器" };
  } finally {
    clearTimeout(timer);
  }
}

async function judge(response) {
  const { status } = response;
  if (status === 401) return { kind: "loggedOut" };
  if (status >= 500 || status === 429 || status === 408) return { kind: "away", message: "服务器暂时没有响应" };
  const data = await response.json().catch(() => null);
  if (data && data.saved) return { kind: "answer", answer: data };
  return { kind: "refused", status, code: data?.code ?? "", message: data?.message ?? "服务器没有接受这次保存" };
}

// The page as the server would show it now; null when it is away or wants a log-in first.
export async function fetchPage(url) {
  try {
    const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (!response.ok) return null;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.getElementById("entry") ? page : null;
  } catch {
    return null;
  }
}

export function tokenOf(page) {
  return page.querySelector("#entry [name=csrfmiddlewaretoken]")?.value ?? "";
}
