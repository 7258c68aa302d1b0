// Where the phone is: sent while somebody is on shift and this page is seen. A browser stops it when the screen locks.

import { serverNow } from "./live.js";
import { recall, remember } from "./phone-keep.js";

const MOVING_MS = 5_000;
const STILL_MS = 30_000;
const OLD_MS = 60_000;
const STEP_M = 15;
const DENIED = 1;

let watch = null;
let fix = null; // the newest place
let sent = null; // the newest that was sent
let trouble = null;

/** Starts or ends with the shift. */
export function follow(isOn) {
  if (isOn === (watch !== null)) return show();
  if (isOn) {
    const options = { enableHighAccuracy: true, maximumAge: 0, timeout: 20_000 };
    watch = navigator.geolocation.watchPosition(found, missed, options);
  } else {
    navigator.geolocation.clearWatch(watch);
    watch = fix = sent = trouble = null;
    remember("place", null);
  }
  show();
}

function found({ coords, timestamp }) {
  const ahead = serverNow() - Date.now();
  fix = {
    lat: coords.latitude,
    lon: coords.longitude,
    accuracy_m: Math.round(coords.accuracy),
    at: timestamp + ahead,
    speed: coords.speed ?? 0,
    heard: Date.now(),
  };
  trouble = null;
  show();
  report();
}

function missed(error) {
  trouble = error.code === DENIED ? "denied" : "lost";
  show();
}

const metres = (a, b) => 111_195 * Math.hypot(a.lat - b.lat, (a.lon - b.lon) * Math.cos((a.lat * Math.PI) / 180));

function isDue(now) {
  if (!sent) return true;
  const isMoving = fix.speed > 0.7 || metres(fix, sent) > STEP_M;
  return now - sent.left >= (isMoving ? MOVING_MS : STILL_MS);
}

/** The server keeps the newest place alone, so of what cannot be sent the newest is kept. */
async function report() {
  const now = Date.now();
  if (!fix || !isDue(now)) return;
  const place = fix;
  sent = { ...place, left: now };
  const { lat, lon, accuracy_m } = place;
  const body = { lat, lon, accuracy_m, at: new Date(place.at).toISOString() };
  if (await post(body)) remember("place", null);
  else {
    sent = null;
    remember("place", body);
  }
}

async function post(body) {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  try {
    const answer = await fetch("/api/v1/positions", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(8000),
    });
    return answer.status < 500;
  } catch (error) {
    console.info("the place was not sent:", error.message);
    return false;
  }
}

/** What could not be sent before this page was loaded, or while there was no link. */
export async function catchUp() {
  const body = await recall("place");
  if (body && (await post(body))) remember("place", null);
}

function show() {
  const isOld = fix && Date.now() - fix.heard > OLD_MS;
  const is = trouble ?? (isOld ? "old" : "on");
  for (const note of document.querySelectorAll("[data-place]")) note.dataset.is = is;
}

function tick() {
  if (watch === null) return;
  if (fix && Date.now() - fix.heard > STILL_MS && trouble === null) {
    navigator.geolocation.getCurrentPosition(found, missed, { enableHighAccuracy: true, timeout: 20_000 });
  }
  report();
  show();
}

setInterval(tick, MOVING_MS);
addEventListener("online", catchUp);
