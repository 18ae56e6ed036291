// The line to the server: addresses, the token that each request carries, and answers in JSON.

const TIMEOUT = 30_000;

export class Line {
  constructor(begin, user) {
    this.begin = begin;
    this.user = user;
    this.root = begin.replace(/begin\/$/, "");
    this.token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  }

  sync(article) {
    return `${this.root}${article}/sync/`;
  }

  conflict(article, number) {
    return `${this.root}${article}/conflicts/${number}/`;
  }

  /** A new token, after signing in anew: every form of the page needs it. */
  renew(token) {
    if (!token) return;
    this.token = token;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  }

  look(article) {
    return this.#ask(article ? this.sync(article) : this.begin, { method: "GET" });
  }

  async post(address, fields) {
    const body = () => new URLSearchParams([...fields, ["_user", this.user]]);
    const answer = await this.#ask(address, { method: "POST", body: body() });
    if (answer.status !== 403 || answer.data.reason !== "token") return answer;
    this.renew(answer.data.csrf);
    return this.#ask(address, { method: "POST", body: body() });
  }

  /** Send what a closing page still has to say. */
  goodbye(article, fields) {
    const body = new URLSearchParams([
      ...fields,
      ["_user", this.user],
      ["csrfmiddlewaretoken", this.token],
    ]);
    navigator.sendBeacon(this.sync(article), body);
  }

  async #ask(address, options) {
    const response = await fetch(address, {
      ...options,
      headers: { Accept: "application/json", "X-CSRFToken": this.token },
      redirect: "error",
      signal: AbortSignal.timeout?.(TIMEOUT),
    });
    // What is no JSON comes from something between here and the server.
    const data = await response.json();
    if (response.status >= 500 || response.status === 429) throw new Error(data.error);
    return { status: response.status, data };
  }
}
