// What this device had kept of screens that closed before the server had their words.
import * as journal from "./journal.js";
import * as panels from "./panels.js";

const AGAIN = 10_000;
// A page that is just being left may still hold its lock.
const LEAVING = 3000;

export class Recovery {
  constructor(session, isWritable) {
    this.session = session;
    this.isWritable = isWritable;
    this.looked = false;
  }

  async start() {
    const { user, article, client } = this.session;
    const { closed, open } = await journal.left({ user, article, except: client });
    for (const entry of closed) await this.putBack(entry);
    if (open && !this.looked) {
      this.looked = true;
      setTimeout(() => this.start().catch(() => {}), LEAVING);
    }
  }

  /** Send it under its own name and base: the server merges it as if the tab had lived. */
  async putBack(entry) {
    if (!this.isWritable) {
      this.offer(entry, document.querySelector('[data-panel="read-only"] b').textContent);
      return;
    }
    const { session } = this;
    try {
      const before = entry.article ? await session.line.look(entry.article) : null;
      if (before?.status === 200) session.line.renew(before.data.csrf);
      const address = entry.article ? session.line.sync(entry.article) : session.line.begin;
      const { status, data } = await session.line.post(address, session.sent(entry, { _gone: "1" }));
      if (status === 200) {
        const errors = Object.values(data.errors).flat();
        if (errors.length) {
          this.offer(entry, errors.join(" "));
        } else {
          await journal.acknowledge(entry.client, entry.at);
          const isNews = before?.data.clock !== data.clock;
          if (isNews) this.offer(entry, "", entry.article ? "" : data.address);
        }
        if (entry.article) session.push({ isPull: true });
      } else if (status === 401 || status === 409) {
        session.refused({ status, data }, entry);
      } else if (data.reason === "empty") {
        await journal.acknowledge(entry.client, entry.at);
      } else {
        this.offer(entry, data.error);
      }
    } catch {
      setTimeout(() => this.putBack(entry), AGAIN);
    }
  }

  offer(entry, reason, address = "") {
    panels.recovery(entry, {
      reason,
      address,
      discard: () => journal.discard(entry.client),
      retry: reason && !this.session.isStopped ? () => this.putBack(entry) : null,
    });
  }
}
