// Keeps the moving part of the tracking page as the server has it. Who ordered follows the order's topic, with a poll
// behind it; who was given the link asks every five seconds, and so does everybody while the socket is away. The page
// says when it cannot know.

import { follow } from "./live.js";

const EVERY_MS = 5_000;
const BEHIND_THE_SOCKET_MS = 15_000;
const LOST_MS = 8_000;
const stale = document.querySelector("[data-stale]");
let heardAt = performance.now();
let isLive = false;
let announced = 0; // the newest version that the topic told of

const drawn = () => document.querySelector("#now");
const version = () => Number(drawn().dataset.version);
const isFinal = () => "final" in drawn().dataset;

async function refresh() {
  const response = await fetch(`${drawn().dataset.url}?version=${version()}`, { signal: AbortSignal.timeout(EVERY_MS) });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  heardAt = performance.now();
  stale.hidden = true;
  if (response.status === 204) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("#now");
  if (Number(fresh.dataset.version) > version()) drawn().replaceWith(fresh);
}

function tell(error) {
  console.info("not refreshed:", error.message); // asked again in five seconds
  stale.hidden = isLive || performance.now() - heardAt < LOST_MS;
}

function ask() {
  if (isFinal()) return;
  const isDue = performance.now() - heardAt > BEHIND_THE_SOCKET_MS;
  if (!isLive || isDue || announced > version()) refresh().catch(tell);
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
      if (isLive) stale.hidden = true;
    },
  });
}
document.addEventListener("visibilitychange", () => document.hidden || isFinal() || refresh().catch(tell));
setTimeout(ask, EVERY_MS);
