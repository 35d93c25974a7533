// A tablet that lies on the table: what one guest wrote is wiped before the next one sits down.
//
// "Fertig" does it, or a minute without a touch, after a warning that can be undone. What has not been sent stays in
// the outbox, sealed, and is only counted.

import * as outbox from "./outbox.js";
import { startAfresh } from "./capture.js";

const bar = document.querySelector("[data-tablet]");
const IDLE = Number(bar?.dataset.idleSeconds || 75) * 1000;
const WARNING = Number(bar?.dataset.warningSeconds || 20) * 1000;
let timer = null;

async function choose() {
  const chosen = new URL(location.href);
  const wanted = chosen.searchParams.get("tablet");
  if (wanted === null) return;
  await outbox.set("tablet", wanted === "1");
  chosen.searchParams.delete("tablet");
  history.replaceState(null, "", chosen);
}

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
  bar.querySelector("[data-warning]").hidden = false;
  timer = setTimeout(done, WARNING);
}

async function done() {
  const forget = document.querySelector("form[data-forget]");
  // The same as emptying the list: the server's cookie, the drafts, the list.
  if (forget) forget.requestSubmit();
  else await startAfresh();
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
  for (const name of ["pointerdown", "keydown", "input"]) document.addEventListener(name, wait, { passive: true });
  wait();
}
