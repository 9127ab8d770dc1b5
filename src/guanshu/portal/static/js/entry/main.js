// The entry page: what is typed goes into the queue at once and to the server soon; what the server says goes on the page.
import { applyAnswer, tidy } from "./answer.js";
import { cellAround, cellOf, isNumber, keepExclusive, kindOf, plain, read, seen, unchanged, write } from "./fields.js";
import { startHelp } from "./help.js";
import { Keyboard } from "./keyboard.js";
import { startLinks } from "./links.js";
import { Login } from "./login.js";
import { refreshNa, startNa } from "./na.js";
import { Notes } from "./notes.js";
import { Offers } from "./offers.js";
import { Paste } from "./paste.js";
import { Queue } from "./queue.js";
import { mergePage } from "./refresh.js";
import { startRemarks } from "./remarks.js";
import { Rows } from "./rows.js";
import { Saver } from "./saver.js";
import { SaveState } from "./state.js";
import { fetchPage, tokenOf } from "./transport.js";

const PAUSE = 600;
const LONGEST = 20000;

class Entry {
  constructor(form) {
    this.form = form;
    this.url = form.getAttribute("action");
    this.saves = Number(form.dataset.saves);
    this.queue = new Queue(form.dataset.account, form.dataset.report);
    this.state = new SaveState(this.queue);
    this.notes = new Notes(this.queue, () => this.saver.poke(0));
    this.login = new Login(document.getElementById("login-dialog"), form.dataset.account, this.url);
    this.saver = new Saver({
      queue: this.queue,
      url: this.url,
      token: tokenOf(document),
      onAnswer: (answer, job, rebased) => this.answered(answer, rebased),
      onState: (state, message) => this.state.show(state, message),
      logIn: (done) => this.login.ask(done),
    });
    this.state.onLogIn = () => this.login.ask();
    this.state.onHeld = () => this.goToHeld();
    this.startRows();
    startNa(this.form, (cell) => this.changed(cell, 0));
    this.listen();
    this.overlay();
    this.showCurrent();
    this.resume();
  }

  startRows() {
    const changed = (cell) => this.changed(cell, 0);
    const say = (...message) => this.state.say(...message);
    const box = this.form.querySelector("[data-wire=rows]");
    this.rows = box?.querySelector("template") ? new Rows(box, { queue: this.queue, changed, say }) : null;
    this.keyboard = new Keyboard(this.form, changed);
    this.paste = new Paste(this.form, { changed, say, rows: this.rows });
    this.offers = new Offers(this.form, { changed, say, rows: this.rows });
  }

  // Explanations stand outside the form's element, in the panel: listen on the document.
  listen() {
    document.addEventListener("input", (event) => this.typed(event, PAUSE));
    document.addEventListener("change", (event) => this.typed(event, 0));
    // An input method's half-written words are nobody's answer.
    document.addEventListener("compositionend", (event) => this.typed(event, PAUSE));
    document.addEventListener("focusin", (event) => this.entered(event.target));
    document.addEventListener("focusout", (event) => this.left(event.target));
    window.addEventListener("storage", (event) => this.heard(event));
    window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.saver.poke(0);
    });
  }

  typed(event, delay) {
    const cell = cellAround(event.target);
    if (!cell || !event.target.name || kindOf(cell) === "rows" || event.isComposing) return;
    keepExclusive(event.target);
    this.changed(cell, delay);
    if (cell.tagName === "LABEL") this.rows?.renumber();
  }

  changed(cell, delay) {
    const address = cell.dataset.cell;
    const sending = this.queue.job()?.stamps[address] !== undefined;
    const before = this.queue.get(address);
    if (unchanged(cell) && !sending) this.queue.drop(address);
    else this.put(address, cell);
    if (before?.problem || before?.conflict) this.notes.show();
    this.offers.show();
    this.state.show(this.saver.busy ? "waiting" : this.queue.held().length ? "held" : "saved");
    this.saver.poke(delay);
  }

  put(address, cell) {
    const value = read(cell);
    const known = this.queue.get(address);
    if (known && !known.problem && !known.conflict && JSON.stringify(known.new) === JSON.stringify(value)) return;
    this.queue.put(address, seen(cell), value, kindOf(cell));
    // A pasted book helps nobody and would fill the browser's store: told here, never sent.
    if (value.length > LONGEST) this.queue.hold(address, { problem: `内容有 ${value.length} 个字，太长，请删减。` });
    if (value.length > LONGEST) this.notes.show();
  }

  entered(element) {
    const cell = cellAround(element);
    if (!cell || element.type !== "text" || !isNumber(cell) || plain(element.value) === element.value) return;
    element.value = plain(element.value);
    element.select();
  }

  left(element) {
    const cell = cellAround(element);
    if (!cell || !element.name || kindOf(cell) === "rows") return;
    if (this.queue.get(cell.dataset.cell)) this.saver.poke(0);
    else tidy(cell, this.queue);
  }

  async answered(answer, rebased) {
    this.state.at = answer.at ?? this.state.at;
    applyAnswer(answer, this.queue);
    refreshNa(this.form);
    this.notes.show(answer.inline);
    this.tell(answer);
    const others = answer.saves > this.saves + 1;
    this.saves = answer.saves;
    if (rebased.length || others) await this.refresh();
  }

  // Other tabs of this browser learn what was stored; the message is not kept.
  tell(answer) {
    const { at, saves, saved, computed, change } = answer;
    this.queue.write("answer", { at, saves, saved, computed, change });
    this.queue.remove("answer");
  }

  heard(event) {
    if (event.key !== `${this.queue.prefix}answer` || !event.newValue) return;
    const answer = JSON.parse(event.newValue);
    this.state.at = answer.at ?? this.state.at;
    this.saves = Math.max(this.saves, answer.saves);
    applyAnswer(answer, this.queue);
    this.notes.show();
    this.state.show(this.queue.held().length ? "held" : "saved");
  }

  // Saves are counted: one more than ours means that somebody else saved too.
  async refresh() {
    const page = await fetchPage(this.url);
    if (!page || !mergePage(page, this.queue, this.rows)) return;
    this.overlay();
    this.notes.show();
    this.state.say("他人同时修改了本表，已显示最新内容。");
  }

  // Put on the page what is in the queue: after a reload, in a second tab, after a refresh.
  overlay() {
    const entries = [...this.queue.entries()].sort(([, a], [, b]) => Number(b.kind === "rows") - Number(a.kind === "rows"));
    for (const [address, entry] of entries) {
      const cell = cellOf(address);
      if (!cell) continue;
      if (entry.kind === "rows") this.rows?.arrange(entry.new);
      else write(cell, entry.new);
    }
    this.notes.show();
  }

  // The list of tables is longer than the screen.
  showCurrent() {
    const nav = document.getElementById("nav");
    const current = nav?.querySelector("[aria-current]");
    if (current) nav.scrollTop = current.offsetTop - nav.offsetTop - nav.clientHeight / 2;
  }

  resume() {
    if (this.saver.busy) this.saver.poke(0);
    else if (this.queue.held().length) this.state.show("held");
  }

  goToHeld() {
    const [address] = this.queue.held();
    const cell = cellOf(address);
    if (cell) cell.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    else this.state.say("需要更正的内容在其他表中。");
  }
}

function start() {
  const form = document.getElementById("entry");
  if (!form) return;
  startHelp(document);
  startRemarks();
  const entry = form.dataset.editable === undefined ? null : new Entry(form);
  startLinks(entry?.saver);
  document.documentElement.classList.add("ready");
}

start();
