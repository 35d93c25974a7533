// The form at the table, and the list of what was written on this device.
//
// Handing in puts the words into the outbox (outbox.js), which sends them. The draft is emptied exactly when they are
// kept there, never before; both carry the same id, so nothing in between can double them.

import * as outbox from "./outbox.js";

const form = () => document.querySelector("form[data-capture]");
const list = document.querySelector("[data-outbox]");
const pattern = document.querySelector("template[data-outbox-item]");
const draftKey = (of) => `entwurf:${of.dataset.capture}`;
const SHOWN_AT_MOST = 200;
let storing = false;

function stored(action) {
  // Private windows may refuse storage; writing still works without a draft.
  try {
    return action(window.localStorage);
  } catch {
    return null;
  }
}

function say(words) {
  const status = document.querySelector("[data-status]");
  if (status) status.textContent = words;
}

function grow(area) {
  if (CSS.supports("field-sizing", "content")) return;
  area.style.blockSize = "auto";
  area.style.blockSize = `${area.scrollHeight + 4}px`;
}

// ---- The draft ------------------------------------------------------------------------------------------------

function keepDraft(of) {
  const { statement_id, round, text, language } = of.elements;
  stored((box) => {
    if (!text.value.trim()) return box.removeItem(draftKey(of));
    const draft = { id: statement_id.value, round: round.value, text: text.value, language: language.value };
    box.setItem(draftKey(of), JSON.stringify(draft));
  });
}

const dropDraft = (of) => stored((box) => box.removeItem(draftKey(of)));

async function restore(of) {
  const { statement_id, round, text, language } = of.elements;
  // A page that was kept carries the id of the day it was kept: each opening makes its own.
  if (!text.value || !of.hasAttribute("data-answered")) statement_id.value = outbox.freshId();
  const draft = stored((box) => JSON.parse(box.getItem(draftKey(of)) || "null"));
  if (!draft) return;
  const kept = await outbox.records(of.dataset.capture);
  if (kept.some((record) => record.id === draft.id) || document.querySelector(`[data-statement="${CSS.escape(draft.id)}"]`)) {
    // It is in the outbox, or was handed in the plain way and has arrived.
    dropDraft(of);
    return;
  }
  if (text.value) return;
  // The old id goes with the old words: they may be on the server already.
  statement_id.value = draft.id;
  round.value = draft.round;
  text.value = draft.text;
  language.value = draft.language;
  say(of.dataset.draft);
  grow(text);
}

// ---- Handing in -----------------------------------------------------------------------------------------------

async function handIn(of) {
  const { statement_id, round, text, language } = of.elements;
  const record = await outbox.keep({
    id: statement_id.value,
    code: of.dataset.capture,
    to: of.dataset.inbox,
    text: text.value,
    language: language.value,
    round: Number(round.value) || null,
  });
  if (outbox.keepsWords()) dropDraft(of);
  text.value = "";
  statement_id.value = outbox.freshId();
  round.value = of.dataset.round || "";
  grow(text);
  say(of.dataset[outbox.keepsWords() ? "kept" : "unkept"]);
  await show();
  // Not awaited: the field is ready for the next thought.
  outbox.deliver();
  return record;
}

document.addEventListener("submit", async (event) => {
  const of = event.target;
  if (of !== form()) return;
  event.preventDefault();
  // The second tap of a double tap finds the first one at work.
  if (storing) return;
  if (!of.elements.text.value.trim()) {
    say(of.dataset.empty);
    of.elements.text.focus();
    return;
  }
  storing = true;
  of.elements.text.readOnly = true;
  try {
    await handIn(of);
  } catch {
    // The browser's database is full or broken. The plain form does the same job, and its page tells how it went.
    HTMLFormElement.prototype.submit.call(of);
  } finally {
    of.elements.text.readOnly = false;
    storing = false;
  }
});

document.addEventListener("input", (event) => {
  const of = form();
  if (!of || !of.contains(event.target)) return;
  if (event.target === of.elements.text) grow(event.target);
  keepDraft(of);
});

// ---- The list -------------------------------------------------------------------------------------------------

async function item(record) {
  const made = pattern.content.cloneNode(true).firstElementChild;
  const state = record.state === "device" && !outbox.keepsWords() ? "unkept" : record.state;
  made.dataset.record = record.id;
  made.dataset.state = state;
  const text = made.querySelector("[data-words]");
  text.textContent = await outbox.words(record).catch(() => "");
  text.lang = record.language || "";
  for (const part of made.querySelectorAll("[data-when]")) {
    if (!part.dataset.when.split(" ").includes(state)) part.remove();
  }
  const link = made.querySelector("[data-receipt-link]");
  if (!record.receipt_code) link.remove();
  else {
    link.href = link.dataset.receiptLink.replace("CODE", record.receipt_code);
    made.querySelector("[data-receipt]").textContent = record.receipt_code;
  }
  const reason = made.querySelector("[data-reason]");
  if (reason && record.reason) reason.textContent = record.reason;
  return made;
}

let turn = 0;

async function show() {
  if (!list) return;
  const mine = ++turn;
  const guest = await outbox.setting("guest");
  const code = list.dataset.outbox;
  const all = await outbox.records();
  const shown = all.filter((record) => record.code === code && outbox.isMine(record, guest)).slice(0, SHOWN_AT_MOST);
  const items = await Promise.all(shown.map(item));
  // A later call overtook this one.
  if (mine !== turn) return;
  const unsent = all.filter(outbox.waits);
  const foreign = unsent.filter((record) => !shown.includes(record)).length;
  // Nobody sees these any more; that they are there must not be hidden as well.
  const locked = all.filter((record) => record.sealed && !shown.includes(record) && !outbox.waits(record) && !outbox.isStored(record));
  document.querySelector("[data-outbox-list]").replaceChildren(...items);
  list.hidden = !items.length;
  count("[data-unsent]", unsent.length);
  count("[data-others]", foreign, locked.length);
  list.querySelector("[data-keep-code]").hidden = !shown.some((record) => record.receipt_code);
  document.querySelector("[data-unkept]")?.toggleAttribute("hidden", outbox.keepsWords());
  document.dispatchEvent(new CustomEvent("outbox:shown", { detail: { unsent: unsent.length, shown } }));
}

function count(name, number, refused = 0) {
  const part = document.querySelector(name);
  if (!part) return;
  const words = [number && part.dataset.sentence.replace("NUMBER", number), refused && part.dataset.refused.replace("NUMBER", refused)];
  part.textContent = words.filter(Boolean).join(" ");
  part.hidden = !part.textContent;
}

async function adoptPlain() {
  // Statements of plain forms stand in the server's list; here they join the one list of this device.
  for (const row of document.querySelectorAll('[data-region="mine"] [data-plain]')) {
    const { plain: id, receipt: receipt_code, state, language } = row.dataset;
    const text = row.querySelector("[data-words]").innerText.trim();
    await outbox.adopt({ id, receipt_code, state, language, text, code: list.dataset.outbox });
  }
}

list?.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-again], [data-copy]");
  if (!button) return;
  const id = button.closest("[data-record]").dataset.record;
  const record = (await outbox.records()).find((one) => one.id === id);
  if (!record) return;
  const words = await outbox.words(record);
  const of = form();
  if (button.hasAttribute("data-copy")) {
    await navigator.clipboard?.writeText(words).then(() => say(list.dataset.copied), () => {});
  } else if (!of || of.elements.text.value.trim()) {
    say(list.dataset.fieldFull);
    of?.elements.text.focus();
  } else {
    // Under a new id: the old one belongs to what the server refused, or to another text.
    of.elements.statement_id.value = outbox.freshId();
    of.elements.text.value = words;
    of.elements.language.value = record.language;
    of.elements.round.value = record.round || "";
    keepDraft(of);
    await outbox.remove(id);
    grow(of.elements.text);
    of.elements.text.focus();
  }
});

export async function startAfresh() {
  // The next guest finds an empty field and an empty list: what can be seen goes first.
  const of = form();
  stored((box) => Object.keys(box).filter((name) => name.startsWith("entwurf:")).forEach((name) => box.removeItem(name)));
  if (of) {
    of.elements.text.value = "";
    of.elements.statement_id.value = outbox.freshId();
    grow(of.elements.text);
  }
  document.querySelector("[data-outbox-list]")?.replaceChildren();
  document.querySelector('[data-region="mine"]')?.remove();
  document.querySelector('[data-region="arrived"]')?.replaceChildren();
  say("");
  await outbox.nextGuest();
  navigator.serviceWorker?.controller?.postMessage({ deed: "forget" });
  await show();
}

// The server keeps the list of plain forms in a cookie that no script can delete. Without network it stays, and what
// it lists is adopted by nobody until the server has forgotten it.
const PENDING = "forget";

async function forgetAtServer(of) {
  const answer = await fetch(of.action, { method: "POST", body: new FormData(of), credentials: "same-origin" }).catch(() => null);
  const page = answer?.ok ? await answer.text().catch(() => "") : "";
  const done = page.includes('data-region="mine"') && !page.includes("data-plain=");
  if (done) await outbox.set(PENDING, false);
  return done;
}

export async function forget() {
  const of = document.querySelector("form[data-forget]");
  if (of) await outbox.set(PENDING, true);
  await startAfresh();
  // Not awaited: the next guest does not wait for the network.
  if (of) forgetAtServer(of).then((done) => done && keepPage(true));
}

async function forgetPending() {
  // True where a wipe is still due: what stands in this page belongs to the guest before.
  if (!(await outbox.setting(PENDING))) return false;
  const of = document.querySelector("form[data-forget]");
  document.querySelector('[data-region="mine"]')?.remove();
  document.querySelector('[data-region="arrived"]')?.replaceChildren();
  if (of) forgetAtServer(of).then((done) => done && keepPage(true));
  return true;
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-forget]")) return;
  event.preventDefault();
  forget();
});

// ---- Opening without network ----------------------------------------------------------------------------------

async function keepPage(fresh = false) {
  // While a wipe is due, the browser's own copy of the page may still show the guest before.
  if (!navigator.serviceWorker || (await outbox.setting(PENDING))) return;
  try {
    await navigator.serviceWorker.register("/t/dienst.js", { scope: "/t/", updateViaCache: "none" });
    const worker = (await navigator.serviceWorker.ready).active;
    const files = performance.getEntriesByType("resource").map((entry) => entry.name);
    worker.postMessage({ deed: "keep", address: location.href.split("#")[0], files, fresh });
  } catch {
    // Without https, or in a private window: the page works as long as it is open.
  }
}

outbox.listen((news) => {
  show();
  const of = form();
  if (!of || !news) return;
  if (news.state === "arrived") say(of.dataset.arrived.replace("CODE", news.receipt_code));
  else say(outbox.waits(news) ? of.dataset.waiting : of.dataset.refused);
});

window.addEventListener("beforeunload", (event) => {
  // Kept either way; but whoever closes the page now should know that something has not left yet.
  if (document.querySelector("[data-unsent]:not([hidden])")) event.preventDefault();
});

export async function begin() {
  await outbox.open();
  await outbox.forgetOld();
  if (list && !(await forgetPending())) await adoptPlain();
  document.documentElement.classList.add("has-outbox");
  if (form()) await restore(form());
  await show();
  outbox.watch();
  document.documentElement.dataset.ready = "1";
  if (document.readyState === "complete") keepPage();
  else window.addEventListener("load", () => keepPage());
}
