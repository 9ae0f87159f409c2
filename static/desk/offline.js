// The service worker of the door: holds the page, its scripts, the decoder and the sounds, so that
// the scanner opens in flight mode. What stands above this line names the version and the files.

const SHELL = "/checkin/shell";
const HOME = "/checkin/";
const LIMIT = 1500; // milliseconds that the server has for the scanner's page
const CACHE = `ghidanh-door-${VERSION}`;
const PAGES = "ghidanh-door-page"; // outlives the versions, until the page was seen anew

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

// All of it or none: a version that came through half is tried again later.
async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll(HELD.map((address) => new Request(address, { cache: "no-cache" })));
  await keepShell();
  await self.skipWaiting();
}

async function takeOver() {
  for (const name of await caches.keys()) {
    if (name !== CACHE && name !== PAGES) await caches.delete(name);
  }
  await self.clients.claim();
}

// Nobody's name is on it. A device that may not scan any more holds none.
async function keepShell() {
  try {
    const answer = await fetch(SHELL, { cache: "no-store" });
    if (answer.ok && !answer.redirected) await (await caches.open(PAGES)).put(SHELL, answer);
    else if (answer.redirected || answer.status === 403) await caches.delete(PAGES);
  } catch {
    // As it was.
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (HELD.includes(address.pathname)) event.respondWith(held(request, address.pathname));
  else if (request.mode === "navigate") event.respondWith(page(event, address.pathname));
});

self.addEventListener("message", (event) => {
  if (event.data === "hold") event.waitUntil(keepShell());
  if (event.data === "let go") event.waitUntil(caches.delete(PAGES));
});

async function held(request, path) {
  return (await caches.match(path, { cacheName: CACHE })) ?? fetch(request);
}

// The server's page; without it the scanner, which works without the server.
async function page(event, path) {
  const coming = fetch(event.request);
  event.waitUntil(coming.catch(() => {}));
  const shell = await caches.match(SHELL, { cacheName: PAGES });
  if (!shell) return coming;
  try {
    const answer = await (path === HOME ? Promise.race([coming, tooLate()]) : coming);
    if (answer.status < 500) return answer;
  } catch {
    // Not in time, or not at all.
  }
  return path === HOME ? shell : Response.redirect(`${HOME}#offline`);
}

const tooLate = () => new Promise((_, reject) => { setTimeout(reject, LIMIT); });
