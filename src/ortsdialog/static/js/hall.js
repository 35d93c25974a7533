// What the phone hears of the hall: the round and its clock, its own statements, announcements.
//
// The stream says that something happened; the sign of life ("stand") says what. It goes every half minute, so that
// the coordinator sees which tables are alive and which devices hold something back, and at once when this phone's own
// statement changed. What concerns all phones is looked up with jitter: a thousand must not ask in the same moment.

import * as outbox from "./outbox.js";

const me = document.querySelector("[data-hall]");
const EVERY = 30000;
const SPREAD = 4000;
const CODES_AT_MOST = 30;
let handles = new Set();
let shown = [];
let unsent = 0;
let timer = null;
let looking = false;
let lookAgain = false;
let ahead = 0;

function next(pause) {
  clearTimeout(timer);
  timer = setTimeout(tellStand, pause);
}

async function tellStand() {
  next(EVERY * (0.8 + Math.random() * 0.4));
  if (document.visibilityState !== "visible") return;
  // What happened after the one under way was asked is not in its answer.
  if (looking) return void (lookAgain = true);
  looking = true;
  lookAgain = false;
  const receipts = shown.map((record) => record.receipt_code).filter(Boolean).slice(0, CODES_AT_MOST);
  const role = (await outbox.isTablet()) ? "tablet" : "guest";
  const stop = new AbortController();
  const clock = setTimeout(() => stop.abort(), 10000);
  try {
    const answer = await fetch(me.dataset.stand, {
      method: "POST",
      body: JSON.stringify({ receipts, unsent, role, language: me.dataset.language }),
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      credentials: "same-origin",
      cache: "no-store",
      signal: stop.signal,
    });
    if (answer.ok) await hear(await answer.json());
  } catch {
    // The network is away; the clock calls again.
  } finally {
    clearTimeout(clock);
    looking = false;
    if (lookAgain) next(0);
  }
}

async function hear(said) {
  ahead = Date.parse(said.now) - Date.now();
  for (const record of shown) {
    const now = said.statements[record.receipt_code];
    if (now && (now.state !== record.state || (now.reason || "") !== record.reason)) {
      await outbox.change(record.id, { state: now.state, reason: now.reason || "" });
    }
  }
  if (said.takes) await openAgain();
  const ask = document.querySelector('[data-region="ask"]');
  const announced = said.announcements.map((one) => one.id).join(" ");
  if ((ask && ask.dataset.version !== said.version) || announced !== me.dataset.announcements.trim()) {
    me.dataset.announcements = announced;
    document.dispatchEvent(new CustomEvent("live:look"));
  }
  const clock = document.querySelector("[data-clock]");
  if (clock && said.round) clock.dataset.clock = said.round.ends_at || "";
  tick();
}

async function openAgain() {
  // The event takes statements (again), or what comes late: what it refused goes once more.
  const closed = (await outbox.records(me.dataset.hall)).filter((record) => record.state === "closed");
  for (const record of closed) await outbox.change(record.id, { state: "device" });
  if (closed.length) outbox.deliver();
}

function minutes(number) {
  try {
    return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "minute", unitDisplay: "long" }).format(number);
  } catch {
    return `${number} min`;
  }
}

function tick() {
  const clock = document.querySelector("[data-clock]");
  if (!clock?.dataset.clock) return;
  // The server's time: a phone may be two days off.
  const left = Math.ceil((Date.parse(clock.dataset.clock) - Date.now() - ahead) / 60000);
  clock.textContent = left > 0 ? clock.dataset.left.replace("MINUTES", minutes(left)) : clock.dataset.over;
}

function listen() {
  const stream = new EventSource(me.dataset.stream);
  stream.addEventListener("statement", (event) => {
    // One phone has this statement; it may look at once.
    if (handles.has(event.data)) next(0);
  });
  for (const name of ["round", "announcement"]) stream.addEventListener(name, () => next(Math.random() * SPREAD));
  stream.addEventListener("error", () => {
    // A refused stream does not come back by itself.
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 5000 + Math.random() * 10000);
  });
}

document.addEventListener("outbox:shown", (event) => {
  const before = unsent;
  ({ unsent, shown } = event.detail);
  handles = new Set(shown.map((record) => record.handle).filter(Boolean));
  if (unsent !== before) next(2000 + Math.random() * 3000);
});

export function begin() {
  if (!me) return;
  ahead = me.dataset.now ? Date.parse(me.dataset.now) - Date.now() : 0;
  next(1000 + Math.random() * 4000);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && next(Math.random() * 1000));
  tick();
  setInterval(tick, 5000);
  listen();
}
