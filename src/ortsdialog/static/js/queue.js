// The queue under the fingers: one letter a deed, the card kept while it lies open, given back when the window closes.
//
// The script's own element says:  data-act  where keeping and leaving go,  data-page  this page with the window's name,
//   data-window  that name,  data-gathering  the event it is narrowed to
// Elements with data-key are pressed by that letter. Without this script every deed is a button.

const me = document.querySelector("script[data-queue]");
const card = document.querySelector(".queue");
const handle = card?.dataset.handle;
let going = false;

// A reload must be the same window, or the card would seem to be somebody else's.
history.replaceState(null, "", me.dataset.page);

function body(deed) {
  const form = new FormData();
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (token) form.set("csrfmiddlewaretoken", token.value);
  form.set("fenster", me.dataset.window);
  form.set("veranstaltung", me.dataset.gathering);
  form.set("handle", handle ?? "");
  form.set("deed", deed);
  return form;
}

function typing(target) {
  return target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])") || target.isContentEditable;
}

function press(letter) {
  const found = document.querySelector(`[data-key="${letter}"]`);
  if (!found) return false;
  if (found.matches("details")) {
    found.open = true;
    found.querySelector("input[type=radio]").focus();
  } else {
    found.click();
  }
  return true;
}

function choose(number) {
  const radio = card?.querySelector(`details[open] input[data-number="${number}"]`);
  if (!radio) return false;
  radio.checked = true;
  if (radio.value === "other") {
    radio.form.querySelector("textarea").focus();
  } else {
    radio.form.querySelector("button[value=hold]").click();
  }
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.key === "Escape") {
    for (const fold of card?.querySelectorAll("details[open]") ?? []) fold.open = false;
    return;
  }
  if (typing(event.target)) return;
  const key = event.key.toLowerCase();
  const done = /^[1-9]$/.test(key) ? choose(key) : /^[ahneu]$/.test(key) && press(key);
  if (done) event.preventDefault();
});

document.addEventListener("submit", (event) => {
  // One deed a page: a second tap would land on the next card.
  if (going) event.preventDefault();
  going = true;
});
document.addEventListener("click", (event) => {
  if (event.target.closest("a[data-key=e]")) going = true;
});
window.addEventListener("pageshow", () => (going = false));
window.addEventListener("pagehide", () => {
  if (!going && handle) navigator.sendBeacon(me.dataset.act, body("leave"));
});

async function keep() {
  if (going || document.visibilityState !== "visible") return;
  try {
    const answer = await fetch(me.dataset.act, { method: "POST", body: body("keep"), credentials: "same-origin" });
    if (!answer.ok || going) return;
    const { kept, waiting } = await answer.json();
    if (handle ? !kept && !card.querySelector("details[open]") : waiting) {
      going = true;
      location.replace(me.dataset.page);
    }
  } catch {
    // The network is away; the next try follows.
  }
}
setInterval(keep, handle ? 15000 : 4000);
document.addEventListener("visibilitychange", keep);
