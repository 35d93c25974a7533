// What was written on this device: kept in the browser's own database, sent until the server has it on disk.
//
// A record, format 1. A newer release reads it, and an older page must be able to deliver it: fields are added, none is
// taken away, none gets another meaning; stores are added, and the version is never raised for a field.
//   id, code (of the table), to (address of the inbox), text, language, round, sent_at (this device's clock, a claim),
//   more (further fields for the inbox), tries, guest (whose turn it was), state, receipt_code, handle, reason,
//   sealed {iv, words}: the text of an earlier guest, in place of `text`
//
// States: device (here alone) · arrived (on the server's disk: only an answer 201 or 200 of the inbox says so) · wall ·
// held · and what needs a person: differs, invalid, closed, too_long, unknown.

import { openDB } from "../vendored/idb/idb.js";

const NAME = "ortsdialog";
const FORMAT = 1;
const PATIENCE = 10000;
const OPENING = 4000;
const SHORTEST = 500;
const LONGEST = 30000;
// Whatever an answer asks for: a statement must not wait for hours because of one header.
const LONGEST_ASKED = 120;
const KEPT_DAYS = 30;
export const HOST_AT = "/gastgeber";
const REFUSED = { 409: "differs", 413: "too_long", 422: "invalid", 423: "closed" };

const listeners = new Set();
const channel = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;
let store = null;

export function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Without https there is no randomUUID: the same by hand.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// ---- Where the records are ------------------------------------------------------------------------------------

function upgrade(db) {
  if (!db.objectStoreNames.contains("statements")) db.createObjectStore("statements", { keyPath: "id" });
  if (!db.objectStoreNames.contains("settings")) db.createObjectStore("settings");
}

async function openNewest(hooks) {
  try {
    return await openDB(NAME, FORMAT, { upgrade, ...hooks });
  } catch (error) {
    if (error.name !== "VersionError") throw error;
    // A newer release was here. Its stores hold ours: this page can still deliver.
    return openDB(NAME, undefined, hooks);
  }
}

function soon(promise, milliseconds) {
  return Promise.race([promise, new Promise((_, fail) => setTimeout(() => fail(new Error("too slow")), milliseconds))]);
}

class Durable {
  durable = true;
  db = null;

  async open() {
    const forget = () => (this.db = null);
    // A newer release in another tab may change the stores; this page opens them again when it needs them.
    const blocking = (_current, _wanted, event) => (event.target.close(), forget());
    this.db ??= await soon(openNewest({ blocking, terminated: forget }), OPENING);
    return this.db;
  }

  async act(name, mode, action) {
    for (let tries = 0; ; tries += 1) {
      try {
        const db = await this.open();
        // strict: what is called kept survives a phone that goes dark the next moment.
        const transaction = db.transaction(name, mode, { durability: "strict" });
        const [found] = await Promise.all([action(transaction.store), transaction.done]);
        return found;
      } catch (error) {
        // The connection was closed under our hands; once more with a new one.
        if (tries || !["InvalidStateError", "UnknownError", "AbortError"].includes(error.name)) throw error;
        this.db = null;
      }
    }
  }

  all = () => this.act("statements", "readonly", (rows) => rows.getAll());
  add = (record) => this.act("statements", "readwrite", (rows) => rows.add(record));
  remove = (id) => this.act("statements", "readwrite", (rows) => rows.delete(id));
  get = (key) => this.act("settings", "readonly", (rows) => rows.get(key));
  set = (key, value) => this.act("settings", "readwrite", (rows) => rows.put(value, key));

  change(id, change) {
    // Read and written in one transaction: another tab may have got an answer meanwhile.
    return this.act("statements", "readwrite", async (rows) => {
      const record = await rows.get(id);
      const next = record && change(record);
      if (next) await rows.put(next);
      return next || record;
    });
  }
}

class Volatile {
  durable = false;
  rows = new Map();
  settings = new Map();

  all = async () => [...this.rows.values()];
  add = async (record) => void this.rows.set(record.id, record);
  remove = async (id) => void this.rows.delete(id);
  get = async (key) => this.settings.get(key);
  set = async (key, value) => void this.settings.set(key, value);

  async change(id, change) {
    const record = this.rows.get(id);
    const next = record && change(record);
    if (next) this.rows.set(id, next);
    return next || record;
  }
}

export async function open() {
  if (store) return store;
  try {
    const durable = new Durable();
    if (!(await durable.get("guest"))) await durable.set("guest", freshId());
    store = durable;
  } catch {
    // A private window, or a browser without a database: kept as long as the page is open, and the page says so.
    store = new Volatile();
    await store.set("guest", freshId());
  }
  if (channel) channel.onmessage = () => tell(false);
  return store;
}

export const keepsWords = () => store?.durable === true;
export const setting = async (key) => (await open()).get(key);
export const set = async (key, value) => (await open()).set(key, value);

export function listen(listener) {
  listeners.add(listener);
}

function tell(others = true, news = null) {
  if (others) channel?.postMessage("changed");
  for (const listener of listeners) listener(news);
}

// ---- Keeping --------------------------------------------------------------------------------------------------

export async function records(code) {
  const rows = await (await open()).all();
  const mine = code ? rows.filter((row) => row.code === code) : rows;
  return mine.sort((one, other) => (one.kept_at < other.kept_at ? 1 : -1));
}

export const waits = (record) => record.state === "device";

// The page says that this is a rehearsal. What arrives after it must not pass for a word of the evening unseen.
const rehearsed = () => (document.querySelector(".rehearsal") ? { rehearsed: true } : {});

export async function keep({ id, code, to, text, language, round, more = {} }) {
  const now = new Date().toISOString();
  const record = { format: FORMAT, id, code, to, text, language, round, sent_at: now, kept_at: now, tries: 0 };
  record.more = { ...more, ...rehearsed() };
  Object.assign(record, { state: "device", receipt_code: "", handle: "", reason: "" });
  const kept = await open();
  record.guest = await kept.get("guest");
  if (await isTablet()) await seal(record);
  const twin = (await kept.all()).find((one) => one.id === id);
  if (twin && (await words(twin)) === text) return twin;
  // The same draft was open in two tabs and went two ways: both are statements.
  if (twin) record.id = freshId();
  try {
    await kept.add(record);
  } catch (error) {
    // Another tab was faster by a moment: look again.
    if (error.name !== "ConstraintError") throw error;
    return keep({ id, code, to, text, language, round, more });
  }
  tell();
  navigator.storage?.persist?.().catch(() => {});
  return record;
}

export async function adopt(found) {
  // What was handed in as a plain form is listed by the server: one list, and each statement once.
  const kept = await open();
  const known = new Set((await kept.all()).flatMap((row) => [row.id, row.receipt_code]));
  if (known.has(found.id) || known.has(found.receipt_code)) return;
  const now = new Date().toISOString();
  await kept.add({ format: FORMAT, more: {}, tries: 0, reason: "", handle: "", kept_at: now, guest: await kept.get("guest"), ...found });
}

export async function remove(id) {
  await (await open()).remove(id);
  tell();
}

export async function change(id, fields) {
  const kept = await (await open()).change(id, (row) => ({ ...row, ...fields }));
  tell();
  return kept;
}

export const isStored = (record) => ["arrived", "wall", "held"].includes(record.state);

export async function forgetOld(code = "", age = KEPT_DAYS * 86400000) {
  const oldest = new Date(Date.now() - age).toISOString();
  for (const row of await records(code)) {
    if (isStored(row) && row.kept_at < oldest) await store.remove(row.id);
  }
}

// ---- A device that several people use -------------------------------------------------------------------------

export const isTablet = async () => Boolean(await setting("tablet"));
export const isMine = (record, guest) => record.guest === guest;

async function key() {
  const kept = await open();
  const found = await kept.get("key");
  if (found) return found;
  // Not extractable: the page may use it, nobody can read it out.
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await kept.set("key", made);
  return made;
}

async function seal(record) {
  if (!crypto.subtle || record.sealed || !keepsWords()) return record;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const words = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), new TextEncoder().encode(record.text));
  return Object.assign(record, { sealed: { iv, words }, text: "" });
}

export async function words(record) {
  if (!record.sealed) return record.text;
  const { iv, words: hidden } = record.sealed;
  return new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await key(), hidden));
}

export async function nextGuest() {
  // What has arrived is the server's now. What has not stays, sealed, and is shown to nobody any more.
  const kept = await open();
  await kept.set("guest", freshId());
  for (const row of await kept.all()) {
    if (isStored(row)) await kept.remove(row.id);
    else {
      const sealed = await seal({ ...row });
      // An answer may have come meanwhile: only what still waits is written back.
      await kept.change(row.id, (now) => (now.state === row.state ? { ...now, text: sealed.text, sealed: sealed.sealed } : now));
    }
  }
  tell();
}

// ---- Sending --------------------------------------------------------------------------------------------------

let running = false;
let again = false;
let failures = 0;
let timer = null;
let notBefore = 0;
let turnedAway = 0;
// What a host wrote, on a device whose card is too old by now: waits until the host's page is opened anew.
const lockedOut = new Set();
const due = (record) => waits(record) && !lockedOut.has(record.id);

function lease() {
  // Without https there are no locks between tabs. Two tabs at once would cost a request, never a second statement.
  try {
    if (Number(localStorage.getItem("postausgang")) > Date.now()) return false;
    localStorage.setItem("postausgang", String(Date.now() + PATIENCE));
    return true;
  } catch {
    return true;
  }
}

function endLease() {
  try {
    localStorage.removeItem("postausgang");
  } catch {
    // A private window: there was no lease.
  }
}

async function alone(work) {
  if (!navigator.locks) return lease() ? work().finally(endLease) : false;
  // A tab that the phone has put to sleep may hold the lock for hours: after some tries the server's ids have to do.
  if (turnedAway > 3) return (turnedAway = 0), work();
  return navigator.locks.request("postausgang", { ifAvailable: true }, async (lock) => {
    turnedAway = lock ? 0 : turnedAway + 1;
    return lock ? work() : false;
  });
}

async function ask(record) {
  const { id, language, round, sent_at } = record;
  const body = JSON.stringify({ ...record.more, id, text: await words(record), language, round, sent_at });
  const stop = new AbortController();
  const clock = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(record.to, {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      credentials: "same-origin",
      cache: "no-store",
      // A page of the hotel's Wi-Fi is no answer of ours.
      redirect: "error",
      // Whoever closes the page at once has sent it all the same.
      keepalive: true,
      signal: stop.signal,
    });
    const said = await answer.json().catch(() => null);
    // Only the inbox may ask for patience, not a proxy on the way.
    const asked = said?.state ? Number(answer.headers.get("Retry-After")) || 0 : 0;
    return { status: answer.status, said, wait: Math.min(asked, LONGEST_ASKED) };
  } catch {
    return null;
  } finally {
    clearTimeout(clock);
  }
}

function outcome(record, answer) {
  if (!answer?.said) return null;
  const { status, said } = answer;
  if ((status === 201 || status === 200) && said.state === "arrived" && said.receipt_code) {
    return { state: "arrived", receipt_code: said.receipt_code, handle: said.handle || "" };
  }
  if (status === 404 && said.state === "unknown") return record.code.endsWith(HOST_AT) ? "locked out" : { state: "unknown" };
  if (REFUSED[status] && said.state) return { state: REFUSED[status], reason: said.code || "" };
  return null;
}

async function hand(record) {
  const answer = await ask(record);
  const result = outcome(record, answer);
  // Neither lost nor refused, and no reason to keep the others waiting.
  if (result === "locked out") return Boolean(lockedOut.add(record.id));
  if (answer?.wait) notBefore = performance.now() + answer.wait * 1000;
  const guest = await store.get("guest");
  const changed = await store.change(record.id, (now) => {
    if (!waits(now)) return null;
    return result ? { ...now, ...result } : { ...now, tries: now.tries + 1 };
  });
  if (changed?.state === "arrived" && !isMine(changed, guest)) await store.remove(changed.id);
  tell(true, isMine(record, guest) ? changed : null);
  return Boolean(result);
}

async function handAll() {
  const waiting = (await records()).filter(due).reverse();
  for (const record of waiting) {
    if (performance.now() < notBefore) return false;
    if (!(await hand(record))) return false;
  }
  return true;
}

export async function deliver() {
  clearTimeout(timer);
  if (running) {
    again = true;
    return;
  }
  running = true;
  again = false;
  await open();
  const done = await alone(handAll).catch(() => false);
  running = false;
  failures = done ? 0 : failures + 1;
  if (again) return deliver();
  if ((await records()).some(due)) later();
}

function later() {
  // Full jitter: a hall whose Wi-Fi comes back must not knock all at once.
  const most = Math.min(LONGEST, 1000 * 2 ** Math.min(failures, 6));
  const pause = Math.max(SHORTEST + Math.random() * (most - SHORTEST), notBefore - performance.now());
  clearTimeout(timer);
  timer = setTimeout(deliver, pause);
}

export function watch() {
  const now = () => deliver();
  const visible = () => document.visibilityState === "visible" && deliver();
  window.addEventListener("online", () => ((failures = 0), (notBefore = 0), later()));
  window.addEventListener("focus", now);
  window.addEventListener("pageshow", () => (lockedOut.clear(), now()));
  document.addEventListener("visibilitychange", visible);
  deliver();
}
