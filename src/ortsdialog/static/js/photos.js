// Photos one after the other: each is stored for itself, so a failure costs one photo and never all of them.

const form = document.querySelector("form[data-photos]");
const LARGEST = 15000000;

function say(words) {
  form.querySelector("[data-status]").textContent = words;
}

function fail(words, file) {
  const list = form.querySelector("[data-failures]");
  const line = document.createElement("li");
  line.textContent = `${words} ${file.name}`;
  list.append(line);
  list.hidden = false;
}

async function send(file) {
  const body = new FormData(form);
  body.delete("photos");
  body.append("photos", file, file.name);
  const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
  if (answer.ok) return null;
  // The page that the server answers with says why.
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const why = page.querySelector(".desk-main [role=alert] li, .table-main [role=alert] li");
  return why ? why.textContent : `${form.dataset.failed} ${file.name}`;
}

async function sendAll(event) {
  const files = [...form.elements.photos.files];
  if (!files.length) return;
  event.preventDefault();
  const button = form.querySelector("button[type=submit]");
  const list = form.querySelector("[data-failures]");
  button.disabled = true;
  list.replaceChildren();
  list.hidden = true;
  let failures = 0;
  for (const [place, file] of files.entries()) {
    say(form.dataset.sending.replace("{n}", place + 1).replace("{all}", files.length));
    if (file.size > LARGEST) {
      failures += 1;
      fail(form.dataset.tooLarge, file);
      continue;
    }
    try {
      const why = await send(file);
      if (why) {
        failures += 1;
        fail("", { name: why });
      }
    } catch {
      failures += 1;
      fail(form.dataset.failed, file);
    }
  }
  button.disabled = false;
  if (failures) {
    say("");
    return;
  }
  say(form.dataset.done);
  location.reload();
}

if (form) {
  form.querySelector("[data-without-script]").hidden = true;
  form.addEventListener("submit", sendAll);
}
