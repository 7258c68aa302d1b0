// What is no fact and so has no topic: where deliverers are, and what the planner and the map make of it.

import { address } from "./acts.js";
import { seen } from "./address.js";

const PLACES_EVERY_MS = 2_000;
const HINTS_EVERY_MS = 8_000;
const SOON_MS = 700; // after an order came
const AT_MOST_EVERY_MS = 2_000;
const GIVE_UP_MS = 10_000;

let hintsAt = 0;

/** Starts both feeds. A feed that fails says nothing and tries again: ages on the page show what is old. */
export function startFeeds({ onPlaces, onHints }) {
  every("positions", onPlaces, (last) => last + PLACES_EVERY_MS, () => `&order=${seen.order}`);
  const wanted = (last) => (hintsAt > last ? Math.max(hintsAt, last + AT_MOST_EVERY_MS) : last + HINTS_EVERY_MS);
  every("hints", onHints, wanted);
}

/** Asks for hints soon: there is an order that has none. */
export function hintsSoon() {
  if (hintsAt < Date.now()) hintsAt = Date.now() + SOON_MS;
}

async function every(name, take, nextAt, more = () => "") {
  let since = "";
  for (;;) {
    const asked = Date.now();
    try {
      const url = `${address(name)}${since && `&since=${since}`}${more()}`;
      const response = await fetch(url, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(GIVE_UP_MS) });
      if (response.ok) {
        const body = await response.json();
        since = body.now;
        take(body);
      }
    } catch (error) {
      console.info(`no ${name}:`, error.message);
    }
    while (Date.now() < nextAt(asked) || document.hidden) await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
