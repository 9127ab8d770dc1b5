// Sends what the queue holds, one request at a time, again and again until the server has answered.
import { withLock } from "./lock.js";
import { fetchPage, send, tokenOf } from "./transport.js";

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;

export class Saver {
  constructor({ queue, url, token, onAnswer, onState, logIn }) {
    Object.assign(this, { queue, url, token, onAnswer, onState, logIn });
    this.timer = 0;
    this.wait = FIRST_WAIT;
    this.running = null;
    this.again = false;
    this.renewed = false;
    this.stopped = "";
    window.addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
  }

  get busy() {
    return Boolean(this.running) || Boolean(this.queue.job()) || this.queue.waiting().length > 0;
  }

  // Send after a while; a later call puts it off, a call with 0 sends now.
  poke(delay = 0) {
    this.stopped = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.drain(), delay);
  }

  hurry() {
    if (this.busy && !this.running && !this.stopped) this.poke(0);
  }

  drain() {
    if (this.running) {
      this.again = true;
      return this.running;
    }
    clearTimeout(this.timer);
    this.running = withLock(this.queue.prefix, () => this.sendAll()).finally(() => {
      this.running = null;
      if (this.again) {
        this.again = false;
        this.poke(0);
      }
    });
    return this.running;
  }

  // Resolve when everything is sent, or after a while: for leaving the page.
  settle(limit) {
    return Promise.race([this.drain(), new Promise((resolve) => setTimeout(resolve, limit))]);
  }

  async sendAll() {
    for (;;) {
      const job = this.queue.job() ?? this.queue.makeJob();
      if (!job) break;
      this.onState("saving");
      const outcome = await send(this.url, job.body, this.token);
      if (!(await this.take(outcome, job))) return;
    }
    this.onState(this.queue.held().length ? "held" : "saved");
  }

  // Deal with an outcome; return whether to go on.
  async take(outcome, job) {
    if (outcome.kind === "answer") {
      this.wait = FIRST_WAIT;
      this.renewed = false;
      const rebased = this.queue.settle(job, outcome.answer);
      await this.onAnswer(outcome.answer, job, rebased);
      return true;
    }
    if (outcome.kind === "away") return this.retryLater(outcome.message);
    if (outcome.kind === "loggedOut") return this.askToLogIn();
    return this.refused(outcome);
  }

  retryLater(message) {
    this.onState("away", message);
    this.timer = setTimeout(() => this.drain(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    return false;
  }

  async askToLogIn() {
    this.stopped = "loggedOut";
    this.onState("loggedOut");
    this.logIn((token) => {
      this.token = token;
      this.poke(0);
    });
    return false;
  }

  // A stale token (a log-in in another tab) is renewed once; an id used twice gets a new one; the rest is told.
  async refused(outcome) {
    if (outcome.status === 403 && (await this.renewToken())) return true;
    this.queue.dropJob();
    if (outcome.code === "altered_request") return true;
    this.stopped = "refused";
    this.onState("refused", outcome.message);
    return false;
  }

  async renewToken() {
    const page = await fetchPage(this.url);
    const token = page ? tokenOf(page) : "";
    // Tokens are masked anew each time; only a second refusal tells that the token was not the reason.
    const renewed = Boolean(token) && !this.renewed;
    this.renewed = renewed;
    if (renewed) this.token = token;
    return renewed;
  }
}
