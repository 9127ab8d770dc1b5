// What has been typed and not yet saved. It outlives a reload, a closed laptop and a server that is away.
// One key per cell, so that two tabs never overwrite each other's entries; the request being sent has a key of its own,
// because it must be sent again with the same id and the same body until the server has answered.
import { rebase } from "./order.js";

const MOST_CHANGES = 300;

export class Queue {
  constructor(account, report, storage = safeStorage()) {
    this.prefix = `guanshu|${account}|${report}|`;
    this.storage = storage;
    this.persistent = storage !== null;
    this.memory = new Map();
    this.count = 0;
  }

  read(key) {
    const text = this.storage ? this.storage.getItem(this.prefix + key) : this.memory.get(key);
    try {
      return text ? JSON.parse(text) : null;
    } catch {
      return null;
    }
  }

  write(key, value) {
    const text = JSON.stringify(value);
    try {
      if (this.storage) {
        this.storage.setItem(this.prefix + key, text);
        return;
      }
    } catch {
      this.moveToMemory();
    }
    this.memory.set(key, text);
  }

  remove(key) {
    if (this.storage) this.storage.removeItem(this.prefix + key);
    this.memory.delete(key);
  }

  // The browser refuses to keep more: go on in memory, and say so when somebody leaves the page.
  moveToMemory() {
    for (const key of this.keys()) this.memory.set(key, this.storage.getItem(this.prefix + key));
    this.storage = null;
    this.persistent = false;
  }

  keys() {
    if (!this.storage) return [...this.memory.keys()];
    const all = Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index));
    return all.filter((key) => key.startsWith(this.prefix)).map((key) => key.slice(this.prefix.length));
  }

  entries() {
    const found = new Map();
    for (const key of this.keys()) {
      if (!key.startsWith("cell|")) continue;
      const entry = this.read(key);
      if (entry) found.set(key.slice(5), entry);
    }
    return found;
  }

  get(address) {
    return this.read(`cell|${address}`);
  }

  // `seen` is what the page knows to be stored; an entry that is waiting already keeps the value it had seen first.
  put(address, seen, value, kind = "text") {
    const known = this.get(address);
    const first = known && !known.problem ? known.seen : seen;
    this.count += 1;
    const stamp = `${Date.now()}.${this.count}.${Math.random().toString(36).slice(2, 8)}`;
    this.write(`cell|${address}`, { seen: known?.conflict ? seen : first, new: value, kind, stamp });
  }

  hold(address, mark) {
    const entry = this.get(address);
    if (entry) this.write(`cell|${address}`, { ...entry, ...mark });
  }

  drop(address) {
    this.remove(`cell|${address}`);
  }

  held() {
    return [...this.entries()].filter(([, entry]) => entry.problem || entry.conflict).map(([address]) => address);
  }

  waiting() {
    return [...this.entries()].filter(([, entry]) => !entry.problem && !entry.conflict);
  }

  job() {
    return this.read("job");
  }

  // Rows first: a cell of a new row needs its row.
  makeJob() {
    const waiting = this.waiting().sort(([, a], [, b]) => Number(b.kind === "rows") - Number(a.kind === "rows"));
    if (!waiting.length) return null;
    const chosen = waiting.slice(0, MOST_CHANGES);
    const request = newId();
    const changes = Object.fromEntries(chosen.map(([address, entry]) => [address, [entry.seen, entry.new]]));
    const stamps = Object.fromEntries(chosen.map(([address, entry]) => [address, entry.stamp]));
    const job = { request, body: JSON.stringify({ request, changes }), stamps };
    this.write("job", job);
    return job;
  }

  dropJob() {
    this.remove("job");
  }

  // Take the server's answer: saved entries go, refused ones wait for the person, edited ones go round again.
  settle(job, answer) {
    const rebased = this.rebaseRows(job, answer);
    const belongs = (address) => rebased.some((table) => address.startsWith(`${table}[`));
    for (const [address, saved] of Object.entries(answer.saved ?? {})) this.settleSaved(job, address, saved);
    for (const [address, problem] of Object.entries(answer.problems ?? {})) {
      if (!belongs(address)) this.settleHeld(job, address, { problem });
    }
    for (const [address, conflict] of Object.entries(answer.conflicts ?? {})) {
      if (!belongs(address) && !rebased.includes(tableOf(address))) this.settleHeld(job, address, { conflict });
    }
    this.dropJob();
    return rebased;
  }

  settleSaved(job, address, saved) {
    const entry = this.get(address);
    if (!entry) return;
    if (entry.stamp === job.stamps[address]) this.drop(address);
    else this.write(`cell|${address}`, { ...entry, seen: saved.stored ?? "" });
  }

  settleHeld(job, address, mark) {
    const entry = this.get(address);
    if (entry && entry.stamp === job.stamps[address]) this.hold(address, mark);
  }

  // Somebody else added, moved or removed rows: do the same to the order that is stored now, and send again.
  rebaseRows(job, answer) {
    const tables = [];
    for (const [address, conflict] of Object.entries(answer.conflicts ?? {})) {
      const entry = this.get(address);
      if (!entry || entry.kind !== "rows" || (entry.rebased ?? 0) > 4) continue;
      const stored = conflict.stored ?? [];
      const order = rebase(entry.seen, entry.new, stored);
      this.write(`cell|${address}`, { ...entry, seen: stored, new: order, rebased: (entry.rebased ?? 0) + 1 });
      tables.push(tableOf(address));
    }
    return tables;
  }
}

function tableOf(address) {
  return address.replace(/\.rows$/, "");
}

function safeStorage() {
  try {
    const storage = window.localStorage;
    storage.setItem("guanshu|probe", "1");
    storage.removeItem("guanshu|probe");
    return storage;
  } catch {
    return null;
  }
}

export function newId() {
  if (globalThis.crypto?.randomUUID) return crypto.randomUUID();
  // Plain http in an office network: randomUUID is missing there, random bytes are not.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
