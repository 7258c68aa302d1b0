// The bell of the counter: started by one tap, heard by everybody, and honest about itself. The server is told whether
// this tablet would be heard, and for which order it has rung.

import * as alarm from "./alarm.js";

const REPORT_EVERY_MS = 60_000;
const STARTED = "passeplat.shift";
const root = document.documentElement;
const report = document.getElementById("report");
const start = document.querySelector("[data-start]");
const off = document.querySelector("[data-sound-off]");
const cell = document.querySelector("[data-sound-cell]");
const battery = document.querySelector("[data-battery]");
const told = new Set(); // orders for which this tablet has said that it rang
let wanted = []; // orders to ring for
let sound = "off";
let power = null;

/** Rings as long as there is an order to ring for. */
export function ringFor(orders) {
  wanted = orders;
  alarm.ring(orders.length > 0);
  root.toggleAttribute("data-ringing", orders.length > 0 && sound === "on");
}

/** A stroke came out: the receipt of each order, once. */
alarm.onRang(() => {
  mark("[data-rang]", "[data-rang-at]");
  for (const order of wanted) if (!told.has(order)) tellRang(order);
});

alarm.onState((state) => {
  const isNews = state.sound !== sound;
  sound = state.sound;
  show();
  ringFor(wanted);
  if (isNews) tellState();
});

function mark(line, place) {
  cell.querySelector("[data-tested]").hidden = true;
  cell.querySelector("[data-rang]").hidden = true;
  cell.querySelector(line).hidden = false;
  cell.querySelector(place).textContent = document.querySelector(".bar__clock").textContent;
}

async function post(address, fields = {}) {
  const body = new URLSearchParams({ ...Object.fromEntries(new FormData(report)), ...fields });
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
}

/** Without a network it is said again with the next stroke of the clock. */
function tellRang(order) {
  told.add(order);
  const address = report.dataset.rangAddress.replace(/0{8}-0{4}-0{4}-0{4}-0{12}/, order);
  post(address).catch((error) => {
    told.delete(order);
    console.info("not said that it rang:", error.message);
  });
}

function tellState() {
  const level = power ? { battery: String(Math.round(power.level * 100)), charging: String(power.charging) } : {};
  post(report.action, { sound, ...level }).catch((error) => console.info("not told:", error.message));
}

function show() {
  const isOn = sound === "on";
  root.dataset.sound = sound;
  off.hidden = isOn || !start.hidden;
  cell.dataset.tone = isOn ? "basil" : "tomato";
  cell.querySelector("[data-when-on]").hidden = !isOn;
  cell.querySelector("[data-when-off]").hidden = isOn;
}

function begin(how) {
  start.hidden = true;
  sessionStorage.setItem(STARTED, how);
  document.querySelector("[data-flash]:not([hidden]) .yes")?.focus();
  show();
}

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-silent]")) begin("silent");
  if (!event.target.closest("[data-unlock]")) return;
  begin("loud");
  root.requestFullscreen?.().catch((error) => console.info("not full screen:", error.message));
  if (!(await alarm.unlock())) return;
  alarm.test();
  mark("[data-tested]", "[data-tested-at]");
});

function showPower() {
  battery.hidden = false;
  battery.dataset.tone = power.level < 0.2 && !power.charging ? "tomato" : "basil";
  battery.querySelector("[data-level]").textContent = String(Math.round(power.level * 100));
  battery.querySelector("[data-charging]").hidden = !power.charging;
}

navigator.getBattery?.().then((found) => {
  power = found;
  showPower();
  for (const change of ["levelchange", "chargingchange"]) power.addEventListener(change, showPower);
});

const begun = sessionStorage.getItem(STARTED);
start.hidden = begun !== null;
if (begun === "loud") alarm.unlock();
show();
tellState();
setInterval(tellState, REPORT_EVERY_MS);
