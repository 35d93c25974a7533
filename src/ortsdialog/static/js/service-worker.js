// Opens the table's page without network once it has been visited. It holds pages and their files, never statements:
// those are the page's own affair. So a new worker may take over at any time and strands nobody.

const CACHE = "tisch-1";
const PAGE = /^\/t\/(?:[^/]+\/)?$/;
const PATIENCE = 3000;
const MOST_FILES = 200;
// How often somebody has wiped this device. A page asked for before a wipe shows the guest before it.
let wipes = 0;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const own = (url) => url.origin === self.location.origin;
const isFile = (url) => own(url) && url.pathname.startsWith("/static/");

// By table and by chosen language. A plain address shows what was seen last.
function names(url) {
  const language = url.searchParams.get("sprache");
  return language ? [`${url.pathname}?sprache=${language}`, url.pathname] : [url.pathname];
}

// What a page shows only once, such as a receipt just handed out, must not open for the next reader.
const isLasting = (url) => [...url.searchParams.keys()].every((name) => name === "sprache" || name === "tablet");

async function keepPage(url, answer) {
  if (!answer.ok || answer.redirected || answer.type !== "basic") return;
  const cache = await caches.open(CACHE);
  await Promise.all(names(url).map((name) => cache.put(name, answer.clone())));
}

async function keptPage(url) {
  const cache = await caches.open(CACHE);
  for (const name of names(url)) {
    const found = await cache.match(name, { ignoreVary: true });
    if (found) return found;
  }
  return undefined;
}

async function page(request, url) {
  // Not kept here: the page asks for it once all its files are there (see `keep`). A page of a newer release whose files
  // got stuck on the way would not open any more, and the one from before does.
  const fresh = fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const first = await Promise.race([fresh.catch(() => undefined), late]);
  // A server that stumbles or a proxy without one: the page from before is better than its words.
  if (first && first.status < 500) return first;
  return (await keptPage(url)) || fresh;
}

async function file(request) {
  // Their names change with their content.
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || !own(url)) return;
  if (event.request.mode === "navigate" && PAGE.test(url.pathname)) event.respondWith(page(event.request, url));
  else if (isFile(url)) event.respondWith(file(event.request));
});

async function keepFile(cache, name) {
  if (!isFile(new URL(name)) || (await cache.match(name, { ignoreVary: true }))) return true;
  const found = await fetch(name, { cache: "force-cache" }).catch(() => null);
  if (found?.ok) await cache.put(name, found);
  return Boolean(found?.ok);
}

async function keep({ address, files, fresh }) {
  if (!isLasting(new URL(address))) return;
  const before = wipes;
  // Taken from the browser's own cache: the first visit loads nothing twice. After a wipe that cache is too old.
  const cache = await caches.open(CACHE);
  const answer = await fetch(address, { cache: fresh ? "reload" : "force-cache", credentials: "same-origin" }).catch(() => null);
  if (!answer) return;
  // What it names in the end decides: the answer may be newer than the page that asks.
  const named = (await answer.clone().text()).match(/\/static\/[^"'\s>]+\.(?:css|js)/g) || [];
  const wanted = new Set([...files, ...named.map((path) => new URL(path, address).href)]);
  const whole = await Promise.all([...wanted].map((name) => keepFile(cache, name)));
  if (whole.every(Boolean) && before === wipes) {
    await keepPage(new URL(address), answer);
    // Or it came while the page was being put down.
    if (before !== wipes) await forgetPages();
  }
  await forgetOldFiles(cache);
}

async function forgetOldFiles(cache) {
  const files = (await cache.keys()).filter((request) => isFile(new URL(request.url)));
  await Promise.all(files.slice(0, Math.max(0, files.length - MOST_FILES)).map((request) => cache.delete(request)));
}

async function forgetPages() {
  const cache = await caches.open(CACHE);
  const pages = (await cache.keys()).filter((request) => !isFile(new URL(request.url)));
  await Promise.all(pages.map((request) => cache.delete(request)));
}

self.addEventListener("message", (event) => {
  const { deed, ...rest } = event.data || {};
  if (deed === "keep") event.waitUntil(keep(rest).then(() => event.source?.postMessage({ kept: rest.address })));
  if (deed === "forget") {
    wipes += 1;
    event.waitUntil(forgetPages());
  }
});
