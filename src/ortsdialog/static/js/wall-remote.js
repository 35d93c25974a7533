// The wall's remote: a deed without loading the page anew, keys for those who sit at the desk, and a look at every change.

const me = document.querySelector("script[data-wall-remote]");
const off = document.querySelector("[data-keys-off]");
let busy = false;
let again = false;

function swap(markup) {
  const fresh = new DOMParser().parseFromString(markup, "text/html");
  const focused = document.activeElement?.id;
  for (const old of document.querySelectorAll("[data-region]")) {
    const next = fresh.querySelector(`[data-region="${old.dataset.region}"]`);
    // A new page has a new token in its forms; that alone is no change.
    if (next && plain(old) !== plain(next)) old.replaceWith(document.importNode(next, true));
  }
  const messages = fresh.querySelector(".messages");
  document.querySelector(".messages")?.remove();
  if (messages) document.querySelector("main").prepend(document.importNode(messages, true));
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus();
}

const plain = (region) => region.outerHTML.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");

async function look(request, options) {
  const answer = await fetch(request, { cache: "no-store", ...options });
  // Refusals come as a page too.
  if (answer.ok || answer.status === 422) swap(await answer.text());
  else if (options) location.reload();
}

async function refresh() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  again = false;
  await look(location.href).catch(() => {});
  busy = false;
  if (again) setTimeout(refresh, 300);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || !form.closest("[data-region]")) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  try {
    await look(location.href, { method: "POST", body });
  } catch {
    // No network: the browser's own page says so, and sends the same once more.
    const deed = document.createElement("input");
    Object.assign(deed, { type: "hidden", name: event.submitter?.name ?? "", value: event.submitter?.value ?? "" });
    form.append(deed);
    form.submit();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || off.checked) return;
  if (event.target.closest("input, textarea, select, summary, [contenteditable]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const button = document.querySelector(`[data-keys="${CSS.escape(key)}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

off.closest("[hidden]").hidden = false;
off.checked = localStorage.getItem("wall-keys") === "off";
off.addEventListener("change", () => localStorage.setItem("wall-keys", off.checked ? "off" : "on"));

const stream = new EventSource(me.dataset.stream);
for (const name of me.dataset.events.split(" ")) stream.addEventListener(name, refresh);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
