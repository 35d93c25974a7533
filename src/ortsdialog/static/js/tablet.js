// A tablet that lies on the table: what one guest wrote is wiped before the next one sits down.
//
// "Fertig" does it, or a minute without a touch, after a warning that can be undone. What has not been sent stays in
// the outbox, sealed, and is only counted. A tablet that slept had no running clock: the time of the last touch decides.

import * as outbox from "./outbox.js";
import { forget } from "./capture.js";

const bar = document.querySelector("[data-tablet]");
const IDLE = Number(bar?.dataset.idleSeconds || 75) * 1000;
const WARNING = Number(bar?.dataset.warningSeconds || 20) * 1000;
const TOUCHED = "beruehrt";
let timer = null;
let wiping = null;

async function choose() {
  const chosen = new URL(location.href);
  const wanted = chosen.searchParams.get("tablet");
  if (wanted === null) return;
  await outbox.set("tablet", wanted === "1");
  chosen.searchParams.delete("tablet");
  history.replaceState(null, "", chosen);
}

function touched(milliseconds) {
  try {
    if (milliseconds) localStorage.setItem(TOUCHED, String(milliseconds));
    return Number(localStorage.getItem(TOUCHED)) || 0;
  } catch {
    // A private window remembers nothing, and has no drafts either.
    return 0;
  }
}

function isForgotten() {
  // A clock that was set back says as little as one that ran on.
  const last = touched();
  return last > 0 && Math.abs(Date.now() - last) > IDLE + WARNING;
}

function touch({ type }) {
  // Words that are just coming in are the next guest's.
  if (type !== "input" && isForgotten() && hasSomething()) done();
  else wait();
  touched(Date.now());
}

const woken = () => document.visibilityState === "visible" && isForgotten() && hasSomething() && done();

function hasSomething() {
  const text = document.querySelector("form[data-capture]")?.elements.text.value.trim();
  return Boolean(text || document.querySelector("[data-outbox-list] > *"));
}

function wait() {
  clearTimeout(timer);
  bar.querySelector("[data-warning]").hidden = true;
  timer = setTimeout(warn, IDLE);
}

function warn() {
  if (!hasSomething()) return wait();
  if (isForgotten()) return done();
  bar.querySelector("[data-warning]").hidden = false;
  timer = setTimeout(done, WARNING);
}

async function done() {
  // The same as emptying the list: the server's cookie, the drafts, the list.
  touched(Date.now());
  wiping ??= forget().finally(() => (wiping = null));
  await wiping;
  window.scrollTo({ top: 0 });
  wait();
}

export async function begin() {
  if (!bar) return;
  await choose();
  const on = await outbox.isTablet();
  document.documentElement.classList.toggle("is-tablet", on);
  bar.hidden = !on;
  document.querySelector("[data-tablet-on]")?.toggleAttribute("hidden", on);
  if (!on) return;
  bar.querySelector("[data-done]").addEventListener("click", done);
  bar.querySelector("[data-stay]").addEventListener("click", wait);
  // Before anything else: the page has not yet fetched back what was begun.
  if (isForgotten()) await done();
  else touched(Date.now());
  for (const name of ["pointerdown", "keydown", "input"]) document.addEventListener(name, touch, { passive: true, capture: true });
  document.addEventListener("visibilitychange", woken);
  window.addEventListener("pageshow", woken);
  wait();
}
