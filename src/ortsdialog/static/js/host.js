// The host writes down for guests: type, Enter, type. What is handed in goes into the outbox of this device and is
// sent from there; once the server has it on disk, its receipt code is shown, to be handed to the guest.

import * as outbox from "./outbox.js";

const box = document.querySelector("[data-host-outbox]");
const form = document.querySelector("form[data-host-write]");
// Apart from what guests write on this device at the same table.
const KEY = `${box.dataset.hostOutbox}${outbox.HOST_AT}`;
const SPOKEN = `sprache:${KEY}`;
const SHOWN = 5;
const CODES_KEPT = 2 * 60 * 60 * 1000;
const EVERY = 30000;
const TIDIED_EVERY = 5 * 60 * 1000;
let storing = false;
let unsent = 0;

// ---- What is shown ------------------------------------------------------------------------------

function part(name, words, css = "") {
  const element = document.createElement(name);
  element.className = css;
  element.textContent = words;
  return element;
}

function chip(record) {
  const kinds = { device: ["chip", box.dataset.device], arrived: ["chip chip--info", box.dataset.arrived] };
  const [css, words] = kinds[record.state] || ["chip chip--warning", box.dataset.refused];
  const state = part("span", "", css);
  state.append(part("span", words));
  return state;
}

async function row(record) {
  const line = document.createElement("li");
  const words = await outbox.words(record);
  const text = part("span", words.length > 60 ? `${words.slice(0, 59)}…` : words, "host-codes__words");
  text.dir = "auto";
  line.append(text, chip(record));
  if (record.receipt_code) {
    const code = part("b", record.receipt_code, "host-codes__code");
    code.dir = "ltr";
    line.append(code);
  } else if (!outbox.waits(record) && form) {
    const back = part("button", "", "kern-btn kern-btn--tertiary");
    back.type = "button";
    back.append(part("span", box.dataset.back, "kern-label"));
    back.addEventListener("click", () => putBack(record));
    line.append(back);
  }
  return line;
}

async function show() {
  const waiting = (await outbox.records()).filter(outbox.waits).length;
  if (waiting !== unsent) tellLater(1000 + Math.random() * 2000);
  unsent = waiting;
  const fresh = (record) => Date.now() - Date.parse(record.kept_at) < CODES_KEPT;
  const mine = await outbox.records(KEY);
  const done = mine.filter((record) => record.receipt_code && fresh(record)).slice(0, SHOWN);
  const listed = mine.filter((record) => !record.receipt_code || done.includes(record));
  const list = box.querySelector("[data-host-queue]");
  list.replaceChildren(...(await Promise.all(listed.map(row))));
  list.hidden = !listed.length;
  const empty = !listed.length && !box.querySelector("ul:not([data-host-queue]) > li");
  for (const words of box.querySelectorAll("[data-host-words]")) words.hidden = empty;
}

async function putBack(record) {
  const { text, language, said_by_count, interpreted } = form.elements;
  if (!text.value.trim()) {
    text.value = await outbox.words(record);
    language.value = record.language;
    said_by_count.value = record.more.said_by_count;
    interpreted.checked = record.more.interpreted;
    await outbox.remove(record.id);
  }
  text.focus();
}

// ---- Writing ------------------------------------------------------------------------------------

function spoken(language) {
  try {
    if (language) localStorage.setItem(SPOKEN, language);
    return localStorage.getItem(SPOKEN);
  } catch {
    // A private window remembers no language.
    return null;
  }
}

async function handIn(event) {
  const { text, language, round, said_by_count, interpreted, statement_id } = form.elements;
  // An empty field and a number that cannot be are the server's to explain; so is a browser that keeps nothing.
  if (!text.value.trim() || !said_by_count.checkValidity() || !outbox.keepsWords()) return;
  event.preventDefault();
  if (storing) return;
  storing = true;
  const more = {
    said_by_count: Number(said_by_count.value) || 1,
    interpreted: interpreted.checked,
    approve: !event.submitter || event.submitter.name === "approve",
  };
  const words = { id: statement_id.value, code: KEY, to: box.dataset.inbox, text: text.value, language: language.value };
  try {
    await outbox.keep({ ...words, round: Number(round.value) || null, more });
  } catch {
    // The plain form does the same job.
    storing = false;
    return HTMLFormElement.prototype.submit.call(form);
  }
  storing = false;
  spoken(language.value);
  // What was typed on while the words were being kept stays in the field.
  text.value = text.value.startsWith(words.text) ? text.value.slice(words.text.length) : text.value;
  said_by_count.value = "1";
  interpreted.checked = false;
  statement_id.value = outbox.freshId();
  text.focus();
  outbox.deliver();
}

function prepare() {
  for (const element of form.querySelectorAll("[data-with-script]")) element.hidden = false;
  const { text, language, said_by_count } = form.elements;
  text.setAttribute("enterkeyhint", "send");
  if (spoken() && !text.value) language.value = spoken();
  form.addEventListener("submit", handIn);
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[name=approve]"));
  });
  form.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    if (!step) return;
    const number = (Number(said_by_count.value) || 1) + Number(step.dataset.step);
    said_by_count.value = Math.min(Math.max(number, 1), Number(said_by_count.max) || 500);
  });
}

// ---- The sign of life: the control room sees that somebody leads the table, and what this device holds back ------

let teller = null;

function tellLater(pause) {
  clearTimeout(teller);
  teller = setTimeout(tell, pause);
}

async function tell() {
  tellLater(EVERY * (0.8 + Math.random() * 0.4));
  if (document.visibilityState !== "visible") return;
  const language = document.documentElement.lang.split("-")[0];
  await fetch(box.dataset.stand, {
    method: "POST",
    body: JSON.stringify({ unsent, language }),
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.timeout?.(10000),
  }).catch(() => {});
}

// ---- What leaves this device again ----------------------------------------------------------------

// The codes are the guests': once handed on they have no business on the host's phone.
const tidy = () => outbox.forgetOld(KEY, CODES_KEPT).then(show);

async function sendAgain() {
  // An older page took a card that had run out for a table that is gone.
  for (const record of await outbox.records(KEY)) {
    if (record.state === "unknown") await outbox.change(record.id, { state: "device" });
  }
}

// ---- The clock: counts on by itself, so that it stays honest without a network ---------------------

const ends = new WeakMap();

function tick() {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    if (!ends.has(clock)) ends.set(clock, Date.now() + Number(clock.dataset.clock) * 1000);
    const left = Math.ceil((ends.get(clock) - Date.now()) / 60000);
    clock.querySelector("[data-clock-left]").hidden = left <= 0;
    clock.querySelector("[data-clock-over]").hidden = left > 0;
    const number = clock.querySelector("[data-clock-minutes]");
    if (left > 0 && number.textContent !== String(left)) number.textContent = left;
  }
}

tick();
setInterval(tick, 2000);
await outbox.open();
if (form) prepare();
await sendAgain();
outbox.listen(show);
await tidy();
setInterval(tidy, TIDIED_EVERY);
outbox.watch();
tellLater(500 + Math.random() * 1500);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && tellLater(Math.random() * 1000));
