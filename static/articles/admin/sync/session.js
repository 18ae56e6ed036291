// One screen on which an article is written: keeps every pause on this device, sends it to the
// server, and takes in what others wrote.
import * as fields from "./fields.js";
import * as indicator from "./indicator.js";
import * as journal from "./journal.js";
import * as panels from "./panels.js";
import { listen } from "./listening.js";
import { Line } from "./line.js";
import { Recovery } from "./recovery.js";

const PAUSE = 300;
const QUIET = 1500;
const LONGEST = 8000;
const BEAT = 15_000;
const BEAT_TOGETHER = 5000;
// What a browser sends from a page that is closing.
const LARGEST_GOODBYE = 60_000;

const form = document.getElementById("article_form");
const root = document.getElementById("sync");

class Session {
  constructor() {
    this.body = form.elements.body;
    this.hidden = { client: form.elements._client, base: form.elements._base };
    // The attribute, not what a browser may have restored into the field.
    this.client = this.hidden.client.defaultValue;
    this.base = Number(this.hidden.base.defaultValue);
    this.uid = form.elements._uid?.defaultValue ?? "";
    this.article = root.dataset.article;
    this.user = root.dataset.user;
    this.line = new Line(root.dataset.begin, this.user);
    this.recovery = new Recovery(this, Boolean(root.dataset.writable));
    this.prose = null;
    this.composing = false;
    // What the server has of this screen, as text; null: not known.
    this.settled = root.dataset.changed ? null : this.text();
    this.seen = this.settled;
    this.plan = fields.plan(form);
    this.kept = true;
    this.keeps = true;
    this.typing = false;
    this.busy = false;
    this.again = false;
    this.leaving = false;
    this.gestured = false;
    this.trouble = ""; // "network", "signed-out", "other-user", "read-only", "gone", "refused"
    this.pressed = ""; // The trouble in which somebody pressed a button.
    this.news = ""; // Who wrote what was merged in last.
    this.errors = [];
    this.conflicts = [];
    this.others = [];
    this.failures = 0;
    this.timers = {};
  }

  // --- what the screen holds -------------------------------------------------------------------

  read() {
    this.body?.dispatchEvent(new CustomEvent("prose-editor:flush"));
    return fields.read(form);
  }

  text() {
    return JSON.stringify(this.read());
  }

  get isDirty() {
    return this.settled !== this.seen;
  }

  /** A button was pressed that nothing follows now: say what stands in its way. */
  press() {
    this.pressed = this.trouble;
    if (this.trouble) panels.lead(this.trouble);
    this.show();
  }

  get isStopped() {
    return this.trouble === "read-only" || this.trouble === "gone";
  }

  entry(entries) {
    const { client, article, uid, user, base } = this;
    return { client, article, uid, user, base, entries, at: Date.now() };
  }

  sent(entry, more = {}) {
    const field = document.activeElement?.closest?.("#article_form") ? this.fieldName() : "";
    return [
      ...entry.entries,
      ["_client", entry.client],
      ["_base", entry.base],
      ["_uid", entry.article ? "" : entry.uid],
      ["_field", field],
      ...Object.entries(more),
    ];
  }

  fieldName() {
    const active = document.activeElement;
    if (active.closest(".ProseMirror")) return "body";
    return (active.name || active.id.replace(/^id_/, "") || "").slice(0, 40);
  }

  // --- typing ----------------------------------------------------------------------------------

  touched() {
    const isFirst = this.kept;
    this.kept = false;
    this.typing = true;
    this.news = "";
    if (isFirst) this.show();
    clearTimeout(this.timers.pause);
    clearTimeout(this.timers.quiet);
    this.timers.pause = setTimeout(() => this.keep(), PAUSE);
    this.timers.quiet = setTimeout(() => this.push(), QUIET);
    this.timers.longest ??= setTimeout(() => this.push(), LONGEST);
  }

  /** Something may have changed without an event: rows that were moved, a widget's own doing. */
  check() {
    const text = this.text();
    if (text === this.seen) return;
    if (!this.gestured && this.settled !== null) {
      // Nobody has touched the page yet: it is still being put together.
      this.settled = this.seen = text;
      return;
    }
    this.seen = text;
    this.touched();
  }

  async keep() {
    clearTimeout(this.timers.pause);
    this.typing = false;
    const entries = this.read();
    this.seen = JSON.stringify(entries);
    if (!this.isDirty) {
      this.kept = true;
      this.show();
      return;
    }
    try {
      await journal.keep(this.entry(entries));
      this.keeps = true;
      this.kept = this.text() === this.seen;
    } catch {
      this.keeps = false;
    }
    this.show();
  }

  // --- sending ---------------------------------------------------------------------------------

  async push({ isPull = false } = {}) {
    if (this.busy) {
      this.again = true;
      return;
    }
    for (const name of ["quiet", "longest", "retry"]) {
      clearTimeout(this.timers[name]);
      this.timers[name] = null;
    }
    if (this.isStopped || this.leaving) return;
    const entries = this.read();
    this.seen = JSON.stringify(entries);
    if (!this.gestured && this.settled !== null) this.settled = this.seen;
    if (!this.isDirty && !isPull) {
      this.show();
      return;
    }
    if (!this.article && !hasWords(entries)) return;
    this.busy = true;
    const entry = this.entry(entries);
    this.prose?.mark();
    this.show();
    try {
      if (this.isDirty) await journal.keep(entry).then(() => (this.keeps = true), () => (this.keeps = false));
      const address = this.article ? this.line.sync(this.article) : this.line.begin;
      const answer = await this.line.post(address, this.sent(entry));
      this.failures = 0;
      await this.answered(answer, entry);
    } catch (error) {
      this.failed(error);
    }
    this.busy = false;
    this.show();
    if (this.again) {
      this.again = false;
      this.push();
    }
  }

  async answered(answer, entry) {
    const { data } = answer;
    if (answer.status !== 200) {
      this.refused(answer, entry);
      return;
    }
    // The next trouble has to be pressed in anew.
    this.trouble = this.pressed = "";
    panels.banner("");
    if (!this.article) this.begun(data);
    this.errors = Object.keys(data.errors);
    if (this.takeIn(data, entry)) {
      this.base = data.clock;
      this.hidden.base.value = data.clock;
    }
    if (!this.errors.length) {
      journal.acknowledge(entry.client, entry.at, { article: this.article }).catch(() => {});
    }
    this.heard(data);
  }

  /** Take in what others wrote, all of it or nothing; return whether the screen has it now. */
  takeIn(data, entry) {
    const { foreign } = data;
    const sent = JSON.stringify(entry.entries);
    this.seen = this.text();
    const wasSent = this.seen === sent;
    if (!Object.keys(foreign).length) {
      this.settled = sent;
      return true;
    }
    const waits =
      this.errors.some((name) => name in foreign) ||
      this.composing || this.prose?.isComposing || !fields.canTake(form, foreign, entry.entries);
    if (waits || ("body" in foreign && this.body && !this.prose)) {
      this.settled = sent;
      // The server keeps apart what is based on what: it can wait.
      this.timers.quiet ??= setTimeout(() => this.push({ isPull: true }), 2 * QUIET);
      return false;
    }
    if ("body" in foreign) this.prose?.take(foreign.body.shown);
    fields.take(form, foreign, entry.entries);
    this.seen = this.text();
    // With words of one's own typed since the send, the next pause sends the whole.
    this.settled = wasSent ? this.seen : null;
    if (!wasSent) this.touched();
    // Without a name it was one's own, from another tab.
    this.news = data.by && data.present.length > 1 ? "*" : data.by;
    return true;
  }

  /** What every answer brings, whatever was asked. */
  heard(data) {
    this.line.renew(data.csrf);
    this.others = data.present;
    this.conflicts = data.conflicts;
    indicator.showPresent(data.present);
    panels.conflicts(data.conflicts, (number, value) => this.settle(number, value));
    const gate = document.getElementById("gate-panel");
    if (gate && data.gate !== undefined) {
      const made = new DOMParser().parseFromString(data.gate, "text/html").body;
      gate.replaceChildren(...[...made.childNodes].map((node) => document.adoptNode(node)));
    }
  }

  begun(data) {
    this.article = String(data.id);
    root.dataset.article = this.article;
    form.elements._uid?.remove();
    form.action = data.address;
    history.replaceState(history.state, "", data.address);
    document.dispatchEvent(
      new CustomEvent("newsroom:begun", { detail: { id: data.id, address: data.address } }),
    );
  }

  refused({ status, data }, entry) {
    if (data.reason === "empty") return;
    const isForbidden = data.reason === "permission";
    this.trouble =
      { 401: "signed-out", 404: "gone", 409: "other-user" }[status] ??
      (isForbidden ? "read-only" : "refused");
    panels.banner(this.trouble);
    if (this.trouble === "signed-out" || this.trouble === "other-user") this.wait();
    if (this.isStopped) this.stop(entry, data.error);
    if (this.trouble === "refused") this.failed(null);
  }

  failed() {
    this.failures += 1;
    if (!this.trouble) this.trouble = "network";
    // Twice as long each time, and not all screens of a newsroom at once.
    const delay = Math.min(30_000, 1000 * 2 ** this.failures) * (0.5 + Math.random() / 2);
    clearTimeout(this.timers.retry);
    this.timers.retry = setTimeout(() => this.push({ isPull: true }), delay);
  }

  /** Nothing more can be saved: what is on the screen stays there, to be read and copied. */
  stop(entry, reason) {
    this.prose?.editor.setEditable(false);
    for (const control of form.querySelectorAll("input, textarea")) control.readOnly = true;
    for (const button of form.querySelectorAll("[type=submit]")) button.disabled = true;
    if (this.isDirty) this.recovery.offer(entry, reason);
  }

  /** Signed out: look now and then whether the person is back, and go on by itself. */
  wait() {
    clearTimeout(this.timers.back);
    this.timers.back = setTimeout(() => this.isBack(), 4000);
  }

  async isBack() {
    clearTimeout(this.timers.back);
    if (this.trouble !== "signed-out" && this.trouble !== "other-user") return;
    try {
      const { status, data } = await this.line.look(this.article);
      if (status === 200) {
        this.line.renew(data.csrf);
        if (String(data.user) === this.user) {
          this.trouble = "";
          panels.banner("");
          this.push({ isPull: true });
          this.recovery.start().catch(() => {});
          return;
        }
        this.trouble = "other-user";
        panels.banner("other-user");
      }
    } catch {
      // The network is away, too.
    }
    this.show();
    this.wait();
  }

  async settle(number, value) {
    await this.push();
    try {
      const fieldsOf = [["value", JSON.stringify(value)], ["_client", this.client], ["_base", this.base]];
      const answer = await this.line.post(this.line.conflict(this.article, number), fieldsOf);
      if (answer.status === 200) this.heard(answer.data);
      if (answer.status === 401) this.refused(answer);
    } catch (error) {
      this.failed(error);
    }
    this.push({ isPull: true });
  }

  // --- being there -----------------------------------------------------------------------------

  async beat() {
    clearTimeout(this.timers.beat);
    this.timers.beat = setTimeout(() => this.beat(), this.others.length ? BEAT_TOGETHER : BEAT);
    if (document.hidden || this.busy || this.leaving || this.trouble || !this.article) return;
    try {
      const field = this.sent(this.entry([]), { _idle: "1" });
      const answer = await this.line.post(this.line.sync(this.article), field);
      if (answer.status !== 200) {
        this.refused(answer, this.entry(this.read()));
      } else if (!this.busy) {
        this.heard(answer.data);
        if (answer.data.clock > this.base) this.push({ isPull: true });
      }
    } catch (error) {
      this.failed(error);
    }
    this.show();
  }

  goodbye() {
    if (!this.article || this.isStopped) return;
    const entry = this.entry(this.read());
    this.seen = JSON.stringify(entry.entries);
    const isWhole = this.isDirty && !this.leaving && this.seen.length < LARGEST_GOODBYE;
    const bare = { ...entry, entries: [] };
    const more = isWhole ? { _gone: "1" } : { _gone: "1", _idle: "1" };
    this.line.goodbye(this.article, this.sent(isWhole ? entry : bare, more));
  }

  // --- the indicator ---------------------------------------------------------------------------

  show() {
    const [state, name] = indicator.stateOf(this, this.plan !== fields.plan(form));
    if (state) indicator.say(state, { name });
  }
}

function hasWords(entries) {
  const words = new Set(["headline", "standfirst", "body"]);
  return entries.some(
    ([name, value]) => words.has(name) && /[\p{L}\p{N}]/u.test(value.replace(/<[^>]*>/g, " ")),
  );
}

if (form?.elements._client && root && !form.elements._popup) {
  // A browser that goes back would put in what the fields held then, over what others wrote since.
  form.autocomplete = "off";
  const session = new Session();
  listen(session, form, root);
}
