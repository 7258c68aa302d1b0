// The deliverer's phone: rings for an offer, keeps the screen lit, says where it is while on shift.

import { serverNow } from "./live.js";
import { whenDrawn } from "./screen.js";
import { ring, unlock } from "./alarm.js";

const EVERY_MS = 5000;
const phone = document.getElementById("phone");

let watch = null;
let sent_at = 0;

function isOnShift() {
  return document.getElementById("off-shift") === null;
}

async function report({ coords, timestamp }) {
  if (Date.now() - sent_at < EVERY_MS) return;
  sent_at = Date.now();
  const ahead = serverNow() - Date.now();
  const body = { lat: coords.latitude, lon: coords.longitude, at: new Date(timestamp + ahead).toISOString() };
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  try {
    await fetch("/api/v1/positions", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify(body),
    });
  } catch (error) {
    console.info("the place was not sent:", error.message); // the next one follows in seconds
  }
}

whenDrawn(() => {
  ring(phone.querySelector("[data-ring]") !== null);
  if (isOnShift() === (watch !== null)) return;
  if (isOnShift()) watch = navigator.geolocation.watchPosition(report, () => {}, { enableHighAccuracy: true });
  else {
    navigator.geolocation.clearWatch(watch);
    watch = null;
  }
});
addEventListener("click", unlock, { once: true }); // sound wants a first tap
