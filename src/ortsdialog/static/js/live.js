// Keeps parts of a page up to date: [data-region] elements are replaced by their namesakes from the server.
//
// The script's own element says how:  data-page  where the fresh parts come from
//   data-stream  server-sent events that say when (optional), data-events their names
//   data-more-stream, data-more-events: a second one (optional)
//   data-until-gone: the page is loaded anew where the server has it no more (optional)
//   data-on-call another script says when, by the event "live:look"
//   data-every   also look after so many seconds (optional); a stream may be down without saying so
// A region with data-version is replaced only when the version has changed. One with
// data-hold-while-filled waits as long as that field has text; none is replaced while somebody types in it.

const me = document.querySelector("script[data-live]");
let busy = false;
let again = false;

function held(region) {
  const field = region.dataset.holdWhileFilled && document.querySelector(region.dataset.holdWhileFilled);
  if (field && field.value.trim()) return true;
  const active = document.activeElement;
  if (active && region.contains(active) && active.matches("input, textarea, select")) return true;
  // An opened box ("hold back …") is about to be filled in.
  return Boolean(region.querySelector("details[open]"));
}

function swap(fresh) {
  for (const old of document.querySelectorAll("[data-region]")) {
    const next = fresh.querySelector(`[data-region="${old.dataset.region}"]`);
    if (!next || old.dataset.region === "arrived") continue;
    const same = old.dataset.version === undefined ? old.outerHTML === next.outerHTML : old.dataset.version === next.dataset.version;
    if (!same && !held(old)) old.replaceWith(document.importNode(next, true));
  }
}

async function refresh() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    const answer = await fetch(me.dataset.page, { cache: "no-store", credentials: "same-origin" });
    // The device was told to stop (a table handed over): the page itself says so better than old numbers.
    if (me.dataset.untilGone !== undefined && [404, 410].includes(answer.status)) location.reload();
    if (answer.ok) swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // The network is away; the stream or the clock calls again.
  }
  busy = false;
  if (again) {
    again = false;
    refresh();
  }
}

function listen(address, events) {
  const stream = new EventSource(address);
  let opened = false;
  stream.addEventListener("open", () => {
    // After a break something may have happened unheard.
    if (opened) refresh();
    opened = true;
  });
  for (const name of events.split(" ")) stream.addEventListener(name, refresh);
  stream.addEventListener("error", () => {
    // A refused stream does not come back by itself.
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => listen(address, events), 5000);
  });
}

if (me.dataset.stream) listen(me.dataset.stream, me.dataset.events);
if (me.dataset.moreStream) listen(me.dataset.moreStream, me.dataset.moreEvents);
if (me.dataset.every) setInterval(() => document.visibilityState === "visible" && refresh(), me.dataset.every * 1000);
if (me.dataset.onCall === undefined) {
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
} else {
  // Another script hears what happens, and calls.
  document.addEventListener("live:look", refresh);
}
