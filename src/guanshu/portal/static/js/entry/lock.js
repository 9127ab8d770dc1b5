// One sender per report and browser: the Web Locks API, or a lease in localStorage where a plain-http page has no locks.

const LEASE = 30000;
const PAUSE = 60;
const me = Math.random().toString(36).slice(2);

export function withLock(name, work) {
  if (navigator.locks?.request) return navigator.locks.request(name, work);
  return withLease(name, work);
}

async function withLease(name, work) {
  const key = `${name}lease`;
  while (!(await take(key))) await sleep(250);
  const renewal = setInterval(() => put(key), LEASE / 3);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    release(key);
  }
}

// Two tabs may write at once: the one whose name is still there after a moment has it.
async function take(key) {
  const held = get(key);
  if (held && held.tab !== me && held.until > Date.now()) return false;
  if (!put(key)) return true;
  await sleep(PAUSE);
  return get(key)?.tab === me;
}

function get(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function put(key) {
  try {
    localStorage.setItem(key, JSON.stringify({ tab: me, until: Date.now() + LEASE }));
    return true;
  } catch {
    return false;
  }
}

function release(key) {
  if (get(key)?.tab === me) localStorage.removeItem(key);
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
