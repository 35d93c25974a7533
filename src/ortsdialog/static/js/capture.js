// The form at the table: keeps what is typed, sends it until the server has said that it is stored.
//
// Every try carries the same id, so a lost answer costs nothing: the server stores once and gives the
// same receipt. What needs a person (409, 422, 423) is sent once more as a plain form, whose page explains it.

const LONGEST_PAUSE = 15000;
const PATIENCE = 10000;
const form = () => document.querySelector("form[data-capture]");
const draftKey = (of) => `entwurf:${of.dataset.capture}`;
let sending = false;

function stored(action) {
  // Private windows may refuse storage; writing still works without a draft.
  try {
    return action(window.localStorage);
  } catch {
    return null;
  }
}

function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Without https there is no randomUUID: the same by hand.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function say(of, words) {
  of.querySelector("[data-status]").textContent = words;
}

function grow(area) {
  if (CSS.supports("field-sizing", "content")) return;
  area.style.blockSize = "auto";
  area.style.blockSize = `${area.scrollHeight + 4}px`;
}

function keep(of) {
  const { statement_id, round, text, language } = of.elements;
  stored((box) => {
    if (!text.value.trim()) return box.removeItem(draftKey(of));
    const draft = { id: statement_id.value, round: round.value, text: text.value, language: language.value };
    box.setItem(draftKey(of), JSON.stringify(draft));
  });
}

function restore(of) {
  const draft = stored((box) => JSON.parse(box.getItem(draftKey(of)) || "null"));
  if (!draft) return;
  if (document.querySelector(`[data-statement="${CSS.escape(draft.id)}"]`)) {
    // It was handed in the plain way and has arrived.
    stored((box) => box.removeItem(draftKey(of)));
    return;
  }
  const { statement_id, round, text, language } = of.elements;
  if (text.value) return;
  // The old id goes with the old words: they may be on the server already.
  statement_id.value = draft.id;
  round.value = draft.round;
  text.value = draft.text;
  language.value = draft.language;
  say(of, of.dataset.draft);
  grow(text);
}

function pause(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      resolve();
    }
    window.addEventListener("online", done);
  });
}

async function attempt(address, body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const options = { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin", signal: stop.signal };
    const answer = await fetch(address, options);
    if (answer.status >= 500 || answer.status === 408 || answer.status === 429) return null;
    return { status: answer.status, said: answer.ok ? await answer.json() : null };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

async function send(of) {
  const body = new FormData(of);
  for (let wait = 1000; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
    say(of, of.dataset.sending);
    const answer = await attempt(of.getAttribute("action"), body);
    if (answer) return answer;
    say(of, of.dataset.waiting);
    // Not all phones of a hall at the same moment.
    await pause(wait / 2 + (Math.random() * wait) / 2);
  }
}

function arrived(of, said) {
  stored((box) => box.removeItem(draftKey(of)));
  of.elements.text.value = "";
  of.elements.statement_id.value = said.next_id || freshId();
  say(of, "");
  grow(of.elements.text);
  for (const [name, html] of Object.entries(said.regions)) {
    document.querySelector(`[data-region="${name}"]`).outerHTML = html;
  }
  const receipt = document.querySelector('[data-region="arrived"]');
  receipt.focus({ preventScroll: true });
  receipt.scrollIntoView({ block: "start" });
}

document.addEventListener("submit", async (event) => {
  const of = event.target;
  // An empty field is the server's to explain.
  if (of !== form() || !of.elements.text.value.trim()) return;
  event.preventDefault();
  if (sending) return;
  sending = true;
  of.elements.text.readOnly = true;
  const answer = await send(of);
  of.elements.text.readOnly = false;
  sending = false;
  if (answer.said) arrived(of, answer.said);
  else HTMLFormElement.prototype.submit.call(of);
});

document.addEventListener("submit", (event) => {
  // A tablet goes round: the next guest must not find what the last one left unsent.
  if (event.target.matches("form[data-forget]") && form()) stored((box) => box.removeItem(draftKey(form())));
});

document.addEventListener("input", (event) => {
  const of = form();
  if (!of || !of.contains(event.target)) return;
  if (event.target === of.elements.text) grow(event.target);
  keep(of);
});

if (form()) restore(form());
