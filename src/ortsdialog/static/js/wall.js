// The wall by itself for a whole evening: hears what changes, fetches the stand, and patches it card by card.
//
// One timer asks, one second hand ticks; neither is ever started twice. A card is known by its key, so what comes
// again changes nothing. The last good picture stays, with a mark, while the network or the server is away.

const me = document.querySelector("script[data-wall]");
const stand = document.querySelector('[data-region="stand"]');
const mark = document.querySelector(".wall-mark");
const held = document.querySelector(".wall-held");
const keys = document.querySelector(".wall-keys");
const release = stand.dataset.release;
const language = document.documentElement.lang;

const ASK_EVERY = 30_000;
const ASK_WITHOUT_STREAM = 5_000;
const BETWEEN_TWO = 120;
const MARK_AFTER = 5_000;
const TABLES_ON_A_SCREEN = 8;

// ---- The server's clock -------------------------------------------------------------------------

const arrival = performance.getEntriesByType("navigation")[0]?.responseStart || performance.now();
// What to add to this page's own stopwatch; the device's clock may be days off.
let offset = Number(me.dataset.now) - arrival;

const serverNow = () => performance.now() + offset;

function heardTime(header) {
  // Whole seconds only: corrected where the stopwatch stood still, as in a laptop that was shut.
  const at = Date.parse(header || "") + 500;
  if (Number.isFinite(at) && Math.abs(serverNow() - at) > 2000) offset = at - performance.now();
}

// ---- The picture --------------------------------------------------------------------------------

const local = { steps: 0, cut: null, still: false };
let last = "";
let ready = false;
let made = Number(stand.dataset.made);
delete stand.dataset.made;

const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE && node.dataset.key) || "";

// A new card, or the first cards with the list that holds them.
function comeUp(fresh) {
  if (fresh.nodeType !== Node.ELEMENT_NODE) return;
  for (const card of [fresh, ...fresh.querySelectorAll(".wall-card")]) {
    if (card.classList.contains("wall-card")) card.classList.add("wall-card--new");
  }
}

function patch(old, next) {
  for (const name of old.getAttributeNames()) if (!next.hasAttribute(name)) old.removeAttribute(name);
  for (const name of next.getAttributeNames()) {
    if (old.getAttribute(name) !== next.getAttribute(name)) old.setAttribute(name, next.getAttribute(name));
  }
  const known = new Map();
  for (const child of old.children) if (keyOf(child)) known.set(keyOf(child), child);
  let place = old.firstChild;
  for (const want of [...next.childNodes]) {
    const key = keyOf(want);
    const likes = place && !keyOf(place) && place.nodeType === want.nodeType && place.nodeName === want.nodeName;
    const have = key ? known.get(key) : likes && place;
    if (key) known.delete(key);
    if (!have || have.nodeName !== want.nodeName) {
      const fresh = old.insertBefore(document.importNode(want, true), place);
      if (ready) comeUp(fresh);
      continue;
    }
    if (have === place) place = place.nextSibling;
    else old.insertBefore(have, place);
    if (have.nodeType === Node.ELEMENT_NODE) patch(have, want);
    else if (have.data !== want.data) have.data = want.data;
  }
  while (place) {
    const gone = place;
    place = place.nextSibling;
    gone.remove();
  }
}

// A stream tells once more what happened in the last seconds, and a picture that was made for it is handed out as it
// is: it may know less than the one that stands here, and show what has been held back since. No such picture is half a
// minute old: then the server's clock was set back, and the wall must not stand still until it has caught up.
const CLOCK_SET_BACK = 30_000;
const isOlder = (next) => {
  const age = made - Number(next.dataset.made);
  return age > 0 && age < CLOCK_SET_BACK;
};

const parse = (markup) => new DOMParser().parseFromString(markup, "text/html").querySelector('[data-region="stand"]');

// Takes the server's picture in; says whether anything was new.
function show(next) {
  made = Number(next.dataset.made);
  delete next.dataset.made;
  const seen = new Set();
  for (const card of next.querySelectorAll("[data-key]")) {
    const late = local.cut !== null && Number(card.dataset.at) > local.cut;
    if (late || seen.has(card.dataset.key)) card.remove();
    seen.add(card.dataset.key);
  }
  for (const left of next.querySelectorAll("[data-left]")) left.textContent = "";
  const source = next.outerHTML;
  if (source === last) return false;
  last = source;
  patch(stand, next);
  ready = true;
  tick();
  place();
  renew(next.dataset.release);
  return true;
}

const isPicture = () => getComputedStyle(document.body).overflow === "hidden";

// Fewer lines of each card, then fewer tables, where a card would be taller than its column; then the screen asked for.
function place() {
  const groups = [...stand.querySelectorAll("[data-table]")];
  const lists = [...stand.querySelectorAll("[data-cards]")];
  for (const group of groups) {
    group.dataset.placed = "";
    group.hidden = false;
  }
  if (!isPicture()) return;
  let turns = 1;
  let deepest = 0;
  let together = TABLES_ON_A_SCREEN;
  for (; together >= 1; together /= 2) {
    turns = Math.ceil(groups.length / together) || 1;
    deepest = 0;
    let whole = true;
    for (let turn = 0; turn < turns; turn += 1) {
      showTables(groups, together, turn);
      for (const list of lists) {
        if (!list.clientHeight) continue;
        whole = fit(list) && whole;
        deepest = Math.max(deepest, screensOf(list) - 1);
      }
    }
    if (whole || together === 1 || !groups.length) break;
  }
  const stored = Number(stand.dataset.steps);
  const most = (deepest + 1) * turns - 1;
  local.steps = Math.min(Math.max(local.steps, -stored), Math.max(most - stored, 0));
  const steps = Math.min(stored + local.steps, most);
  showTables(groups, together, steps % turns);
  for (const list of lists) turnTo(list, Math.floor(steps / turns));
}

function showTables(groups, together, turn) {
  if (!groups.length) return;
  groups.forEach((group, index) => (group.hidden = Math.floor(index / together) !== turn));
  groups[0].parentElement.className = `wall-tables wall-tables--${Math.min(groups.length, together)}`;
}

// Says whether every card is whole, and in a list of all tables whether two of them stand on the screen.
function fit(list) {
  const cards = [...list.children];
  const alone = !list.closest("[data-table]");
  for (const lines of [6, 5, 4, 3, 2, 1]) {
    list.dataset.lines = lines;
    // A card that is too tall is broken in two: it has two boxes.
    const whole = cards.every((card) => card.getClientRects().length < 2);
    const two = !alone || lines <= 3 || cards.length < 2 || onFirstScreen(list, cards[1]);
    if (whole && two) return true;
  }
  return false;
}

function onFirstScreen(list, card) {
  list.scrollLeft = 0;
  const [box, edge] = [card.getBoundingClientRect(), list.getBoundingClientRect()];
  return box.left >= edge.left - 1 && box.right <= edge.right + 1;
}

// The exact width: a fraction left out at each screen would cut the cards of the fortieth.
const widthOf = (list) => list.getBoundingClientRect().width + (Number.parseFloat(getComputedStyle(list).columnGap) || 0);

const screensOf = (list) => Math.max(1, Math.ceil((list.scrollWidth - list.clientWidth - 2) / widthOf(list)) + 1);

function turnTo(list, screen) {
  const direction = getComputedStyle(list).direction === "rtl" ? -1 : 1;
  list.scrollLeft = direction * Math.min(screen, screensOf(list) - 1) * widthOf(list);
}

function tick() {
  for (const left of stand.querySelectorAll("[data-left]")) {
    const minutes = Math.max(0, Math.ceil((Number(left.dataset.ends) - serverNow()) / 60_000));
    const form = new Intl.PluralRules(left.closest("[lang]").lang).select(minutes);
    const words = minutes ? (left.dataset[form] || left.dataset.other).replace("#", minutes) : left.dataset.over;
    if (left.textContent !== words) left.textContent = words;
  }
  say();
}

// ---- The server ---------------------------------------------------------------------------------

let stream = null;
let heard = "";
let timer = 0;
let busy = false;
let again = false;
let askedAt = 0;
let failures = 0;
let lostAt = 0;
let gone = false;
// The first answer, and one after a key, says nothing about the stream.
let forced = true;
// The last answer knew less than the picture here.
let outdated = false;

const between = (from, to) => from + Math.random() * (to - from);

function askIn(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(ask, milliseconds);
}

async function ask() {
  if (busy) {
    again = true;
    return;
  }
  const early = askedAt + BETWEEN_TWO - performance.now();
  if (early > 0) {
    askIn(early);
    return;
  }
  busy = true;
  again = false;
  askedAt = performance.now();
  const told = heard;
  outdated = false;
  const address = new URL(me.dataset.page, location.href);
  if (local.steps > 0) address.searchParams.set("aeltere", "1");
  if (told) address.searchParams.set("seit", told);
  try {
    const answer = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(8000) });
    gone = answer.status === 404;
    if (gone) stand.replaceChildren();
    else if (!answer.ok) throw new Error(answer.status);
    else {
      heardTime(answer.headers.get("Date"));
      const next = parse(await answer.text());
      outdated = next !== null && isOlder(next);
      const changed = next !== null && !outdated && show(next);
      // Something was new that no event told of: the stream is dead without saying so.
      if (changed && !told && !forced && stream?.readyState === EventSource.OPEN && performance.now() - openedAt > 20_000) listen();
    }
    failures = 0;
    lostAt = 0;
    forced = false;
  } catch {
    failures += 1;
    lost();
  }
  if (told === heard) heard = "";
  busy = false;
  say();
  if (again) askIn(0);
  else if (outdated) askIn(between(100, 400));
  else if (failures) askIn(between(0.5, 1) * Math.min(10_000, 1000 * 2 ** failures));
  else askIn(between(0.8, 1.2) * (stream?.readyState === EventSource.OPEN ? ASK_EVERY : ASK_WITHOUT_STREAM));
}

let openedAt = 0;

function listen() {
  stream?.close();
  const mine = new EventSource(me.dataset.stream);
  stream = mine;
  mine.addEventListener("open", () => {
    openedAt = performance.now();
    // After a break something may have happened unheard. Two hundred walls come back at the same moment.
    askIn(between(0, 1500));
  });
  for (const name of me.dataset.events.split(" ")) {
    mine.addEventListener(name, (event) => {
      if (name === "wall" && event.data !== me.dataset.wall) return;
      heard = event.lastEventId;
      ask();
    });
  }
  mine.addEventListener("error", () => {
    if (mine !== stream) return;
    lost();
    if (!busy) askIn(between(300, 2000));
    // A refused stream does not come back by itself.
    if (mine.readyState === EventSource.CLOSED) setTimeout(() => mine === stream && listen(), between(3000, 8000));
  });
}

function lost() {
  lostAt ||= Date.now();
}

function say() {
  const long = lostAt && Date.now() - lostAt > MARK_AFTER;
  const since = new Date(lostAt).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });
  const words = gone ? mark.dataset.gone : long ? `${mark.dataset.lost} ${since}` : "";
  if (mark.textContent !== words) mark.textContent = words;
  mark.hidden = !words;
  held.hidden = !local.still && !local.steps;
}

// A new release has other scripts and styles. Loaded once, and only while the server answers.
async function renew(theirs) {
  if (!theirs || theirs === release || sessionStorage.getItem("wall-release") === theirs) return;
  await new Promise((done) => setTimeout(done, between(500, 5000)));
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  sessionStorage.setItem("wall-release", theirs);
  location.reload();
}

// ---- Keys of the person at the projector: for this display alone --------------------------------

const newest = () => Math.max(0, ...[...stand.querySelectorAll("[data-at]")].map((card) => Number(card.dataset.at)));

function hold() {
  const wanted = local.still || local.steps !== 0;
  if (wanted && local.cut === null) local.cut = newest();
  if (!wanted) local.cut = null;
  last = "";
  forced = true;
  // The older cards come with the answer; before it there is nothing to turn to.
  if (local.steps <= 0) place();
  say();
  ask();
}

const deeds = {
  ArrowLeft: () => (local.steps += 1),
  ArrowRight: () => (local.steps -= 1),
  PageUp: () => (local.steps += 1),
  PageDown: () => (local.steps -= 1),
  p: () => (local.still = !local.still),
};

const switchedOff = () => keys.querySelector("[data-keys-off]").checked;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "?") {
    if (keys.open) keys.close();
    else keys.showModal();
  } else if (keys.open || switchedOff()) return;
  else if (key === "q") {
    document.documentElement.classList.toggle("wall-is-quiet");
    place();
  } else if (key === "f") {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.();
  } else if (deeds[key]) {
    deeds[key]();
    if (key !== "p") {
      const stored = Number(stand.dataset.steps);
      local.steps = Math.max(local.steps, -stored);
    }
    hold();
  } else return;
  event.preventDefault();
});

let frame = 0;
window.addEventListener("resize", () => {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(place);
});
document.fonts.ready.then(place);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
window.addEventListener("online", () => ask());

setInterval(tick, 1000);
place();
tick();
listen();
askIn(between(0, 1000));
