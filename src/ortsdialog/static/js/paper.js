// Keying in from paper: Enter leads from the code to the text, Ctrl+Enter stores; what is typed survives a reload
// or a session that ended. The kept text keeps its id, so that it is stored once, whatever happened meanwhile.

const form = document.querySelector("form[data-key-in]");
const key = `papier:${location.pathname}`;

function kept(action) {
  // Private windows may refuse storage; keying in still works without it.
  try {
    return action(window.sessionStorage);
  } catch {
    return null;
  }
}

function keep() {
  const { statement_id, card, text, language } = form.elements;
  kept((box) => {
    if (!text.value.trim()) return box.removeItem(key);
    const draft = { id: statement_id.value, card: card.value, text: text.value, language: language.value };
    box.setItem(key, JSON.stringify(draft));
  });
}

function restore() {
  const { statement_id, card, text, language } = form.elements;
  if (document.querySelector("[data-stored]")) kept((box) => box.removeItem(key));
  const draft = kept((box) => JSON.parse(box.getItem(key) || "null"));
  if (!draft || text.value) return;
  statement_id.value = draft.id;
  card.value = draft.card;
  text.value = draft.text;
  language.value = draft.language;
  form.querySelector("[data-status]").textContent = form.dataset.draft;
}

function onKey(event) {
  const { card, text } = form.elements;
  if (event.key !== "Enter" || event.isComposing) return;
  if (event.target === card) {
    // A scanner ends with Enter, too.
    event.preventDefault();
    text.focus();
  } else if (event.target === text && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
}

if (form) {
  restore();
  form.querySelector("[data-keys]").hidden = false;
  form.addEventListener("input", keep);
  form.addEventListener("keydown", onKey);
}
