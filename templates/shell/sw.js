// Keeps the shell of the platform: static files, which carry their version in their address, and one page for when there
// is no network. Never a page, an order or an answer of the API: those come from the server or not at all.

const VERSION = "{{ version }}";
const CACHE = `shell-${VERSION}`;
const OFFLINE = "{{ kept.0 }}";
const KEPT = [{% for address in kept %}"{{ address }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const isShell = ({ pathname }) => pathname.startsWith(`/static/v-${VERSION}/`);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT)));
  if (!self.registration.active) self.skipWaiting(); // the first one disturbs nobody
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))),
  );
});

self.addEventListener("message", ({ data }) => data === "take over" && self.skipWaiting());

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  } else if (isShell(address) && !request.headers.has("range")) {
    event.respondWith(kept(request));
  }
});

async function kept(request) {
  const known = await caches.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok && answer.status === 200) {
    const cache = await caches.open(CACHE);
    await cache.put(request, answer.clone());
  }
  return answer;
}
