// What is typed, kept on this device until the server has said that it has it.

const NAME = "newsroom-journal";
const STORE = "screens";
const DAY = 24 * 60 * 60 * 1000;
const LOCK = "newsroom-screen-";
const CHANNEL = "newsroom-screens";
// A tab that does not answer within this time is not there any more.
const PATIENCE = 400;

let opened = null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "client" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
  return opened;
}

async function transact(mode, act) {
  const base = await database();
  return new Promise((resolve, reject) => {
    // Strict: "kept" must be true of a machine whose battery dies now.
    const transaction = base.transaction(STORE, mode, { durability: "strict" });
    const request = act(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/** Keep the newest state of a screen: {client, article, uid, user, base, entries, at, …}. */
export function keep(entry) {
  return transact("readwrite", (store) => store.put({ ...entry, acknowledged: false }));
}

/** The server has what the screen held at `at`; what was typed later stays unacknowledged. */
export async function acknowledge(client, at, changes = {}) {
  const base = await database();
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(STORE, "readwrite");
    const store = transaction.objectStore(STORE);
    const request = store.get(client);
    request.onsuccess = () => {
      const entry = request.result;
      if (entry) store.put({ ...entry, ...changes, acknowledged: entry.at <= at });
    };
    transaction.oncomplete = resolve;
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

export function discard(client) {
  return transact("readwrite", (store) => store.delete(client));
}

/** Return entries that no answer covers, of screens that are closed; and forget old ones. */
export async function left({ user, article, except }) {
  const all = await transact("readonly", (store) => store.getAll());
  const now = Date.now();
  for (const entry of all) {
    if (entry.acknowledged && now - entry.at > DAY) await discard(entry.client);
  }
  const mine = all.filter(
    (entry) =>
      !entry.acknowledged &&
      entry.user === user &&
      entry.client !== except &&
      (article ? entry.article === article : !entry.article),
  );
  if (!mine.length) return { closed: [], open: 0 };
  const open = await alive();
  return {
    closed: mine.filter((entry) => !open.has(entry.client)).sort((a, b) => a.at - b.at),
    open: mine.filter((entry) => open.has(entry.client)).length,
  };
}

/** Say for as long as this page lives that its screen is open. */
export function live(client) {
  // The browser lets go of a lock when a tab closes or crashes. Over plain HTTP there are none.
  navigator.locks?.request(LOCK + client, () => new Promise(() => {}));
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => {
    if (data === "who") channel.postMessage(client);
  };
}

async function alive() {
  if (navigator.locks) {
    const { held } = await navigator.locks.query();
    return new Set(held.map((lock) => lock.name.replace(LOCK, "")));
  }
  const found = new Set();
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => found.add(data);
  channel.postMessage("who");
  await new Promise((resolve) => setTimeout(resolve, PATIENCE));
  channel.close();
  return found;
}
