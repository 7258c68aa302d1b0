// Keeps the tracking page as the server has it. Who ordered follows the order's topic, with a poll behind it; who was
// given the link asks every two seconds, and so does everybody while the socket is away. The page says when it cannot
// know, and how old it is then. The map comes after the words, once it is looked at.

import { follow } from "./live.js";

const EVERY_MS = 2_000;
const BEHIND_THE_SOCKET_MS = 15_000;
const ON_THE_WAY_MS = 5_000;
const GIVE_UP_MS = 8_000;
const LOST_MS = 8_000;
const stale = document.querySelector("[data-stale]");
let heardAt = performance.now();
let isLive = false;
let isAsking = false;
let announced = 0; // the newest version that the topic told of

const drawn = () => document.querySelector("#now");
const version = () => Number(drawn().dataset.version);
const isFinal = () => "final" in drawn().dataset;
const isOnTheWay = () => drawn().dataset.status === "picked_up";

async function refresh() {
  if (isAsking) return;
  isAsking = true;
  try {
    const response = await fetch(`${drawn().dataset.url}?version=${version()}`, { signal: AbortSignal.timeout(GIVE_UP_MS) });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    heard();
    if (response.status !== 204) redraw(await response.text());
  } finally {
    isAsking = false;
  }
}

function heard() {
  heardAt = performance.now();
  stale.hidden = true;
}

function redraw(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("#now");
  const isNewer = Number(fresh.dataset.version) > version();
  const isSame = Number(fresh.dataset.version) === version();
  if (!isNewer && !(isSame && fresh.textContent !== drawn().textContent)) return;
  const inIt = document.activeElement && drawn().contains(document.activeElement);
  if (isSame && inIt) return; // nobody's button is taken away for a few metres
  drawn().replaceWith(fresh);
  if (isFinal()) where?.remove();
}

function tell(error) {
  console.info("not refreshed:", error.message); // asked again in two seconds
  const age = performance.now() - heardAt;
  stale.hidden = isLive || age < LOST_MS;
  stale.querySelector("[data-stale-age]").textContent = `${Math.round(age / 1000)} s`;
}

function ask() {
  if (isFinal()) return;
  const age = performance.now() - heardAt;
  const isDue = !isLive || age > (isOnTheWay() ? ON_THE_WAY_MS : BEHIND_THE_SOCKET_MS) || announced > version();
  if (isDue && !document.hidden) refresh().catch(tell);
  setTimeout(ask, EVERY_MS);
}

const { topic } = drawn().dataset;
if (topic && !isFinal()) {
  follow({
    topic,
    onRows(rows) {
      announced = Math.max(announced, ...rows.map((row) => row.version));
      if (announced > version()) refresh().catch(tell);
    },
    onState: ({ link }) => {
      isLive = link === "live";
      if (isLive) heard();
    },
  });
}
document.addEventListener("visibilitychange", () => document.hidden || isFinal() || refresh().catch(tell));
setTimeout(ask, EVERY_MS);

// The map: shop and door are tags, the courier is a point while the bag is on the way.

const where = document.querySelector("[data-where]");
let map = null;

async function place() {
  const response = await fetch(where.dataset.where, { signal: AbortSignal.timeout(GIVE_UP_MS) });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const { shop, door, path, courier, age_s: age } = await response.json();
  if (map === null) await open(shop, door, path);
  map.setLine("way", path, { tone: "enamel", dashed: true });
  if (courier) map.setPoints("courier", [{ id: "courier", lat: courier[0], lon: courier[1], tone: "sea", shape: "disc", icon: "bike", faded: age > 60 }]);
  else map.removePoints("courier", ["courier"]);
}

async function open([shopLat, shopLon], [doorLat, doorLon], path) {
  const { openMap } = await import("./map.js");
  map = await openMap(where.querySelector("[data-map]"), { lat: (shopLat + doorLat) / 2, lon: (shopLon + doorLon) / 2, zoom: 13 });
  map.setPoints("places", [
    { id: "shop", lat: shopLat, lon: shopLon, tone: "enamel", shape: "tag", icon: "bell", text: where.dataset.shop },
    { id: "door", lat: doorLat, lon: doorLon, tone: "tomato", shape: "tag", icon: "home", text: where.dataset.door },
  ]);
  map.fit(path);
}

function followCourier() {
  if (isFinal() || !where.isConnected) return;
  if (!document.hidden) place().catch((error) => console.info("not placed:", error.message));
  setTimeout(followCourier, ON_THE_WAY_MS);
}

if (where && !isFinal()) {
  where.hidden = false;
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    followCourier();
  }).observe(where);
}
