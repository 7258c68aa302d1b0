// The deliverer's phone. The server draws what is; over it lies what was done here and is not sent yet.

import { onLink } from "./live.js";
import { refresh, whenDrawn } from "./screen.js";
import { ring, unlock } from "./alarm.js";
import { acts, forget, isAway, keep, onKept, send } from "./phone-keep.js";
import { isComplete, needsPin, prepare, shotOf } from "./phone-hand.js";
import { catchUp, follow } from "./phone-place.js";
import { keepView } from "./phone-view.js";

const AT_ONCE_MS = 2500; // an answer that takes longer is not waited for
const LANDED_MS = 15_000; // what was answered counts until the page is surely drawn anew
const CAN_BE_PUT_RIGHT = /^(pin|photo)_|^still_waiting$/;
const NOT_SENT = ["csrfmiddlewaretoken", "idempotency_key", "version", "photo", "pin"];

const phone = document.getElementById("phone");
const words = document.getElementById("words");
const landed = new Set();

const word = (code) => (words.querySelector(`[data-code="${code}"]`) ?? words.querySelector('[data-code="other"]')).textContent;

/** Tells a person at the card what is wrong. */
function say(card, text) {
  const said = card.querySelector("[data-said]");
  said.hidden = !text;
  said.lastElementChild.textContent = text;
}

function why({ code, current }) {
  const left = code === "pin_wrong" && current ? ` ${word("pin_wrong_left")} ${current.tries_left}` : "";
  return word(code) + left;
}

/** Keeps what a form says, sends it, and goes on; the state of the stop decides on the server, not the version seen. */
async function keepForm(form, button) {
  const card = form.closest("[data-stop]");
  const kind = form.dataset.keep;
  if (form.matches(".hand") && !isComplete(form)) {
    return say(card, word(needsPin(form) && !form.elements.left?.checked ? "pin_needed" : "photo_needed"));
  }
  say(card, "");
  const fields = [...new FormData(form, button)].filter(([name]) => !NOT_SENT.includes(name));
  if (form.elements.pin?.value) fields.push(["pin", form.elements.pin.value]);
  card.inert = true;
  card.classList.add("is-saving");
  const { number } = card.dataset;
  const act = await keep({ card: card.id, kind, number, address: form.action, fields, photo: shotOf(form) });
  setTimeout(() => {
    if (act.state === "new") act.state = "slow";
    lay();
  }, AT_ONCE_MS);
}

/** Lays what is not sent over what the server drew. */
function lay() {
  const open = acts().filter((act) => act.state !== "refused");
  const applied = [...open.filter((act) => act.state !== "new"), ...landed];
  const cards = [...phone.querySelectorAll("[data-stop]")];
  for (const card of cards) {
    card.dataset.drawn ??= card.dataset.status;
    const done = applied.filter((act) => act.card === card.id).map((act) => act.kind);
    if (done.includes("complete") || done.includes("fail")) card.dataset.status = "gone";
    else card.dataset.status = done.includes("arrive") ? "arrived" : card.dataset.drawn;
    card.toggleAttribute("data-waits", done.includes("wait"));
    const isWaiting = open.some((act) => act.card === card.id && act.state === "new");
    card.inert = isWaiting;
    card.classList.toggle("is-saving", isWaiting);
  }
  const current = cards.find((card) => card.dataset.status !== "gone");
  for (const card of cards) card.hidden = card !== current;
  document.getElementById("all-kept").hidden = !cards.length || Boolean(current);
  const count = open.filter((act) => act.state !== "new").length;
  document.querySelector("[data-kept]").hidden = count === 0;
  document.querySelector("[data-kept-count]").textContent = count;
  document.getElementById("signed-out").hidden = !(count && isAway());
  for (const card of cards) prepare(card);
  list();
}

/** Refusals of what was done some time ago stay until they are read. */
function list() {
  const template = document.getElementById("refused-item");
  const items = acts().filter((act) => act.state === "refused").map((act) => {
    const item = template.content.cloneNode(true);
    const what = words.querySelector(`[data-act="${act.kind}"]`).textContent;
    const at = new Date(act.happened_at).toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
    item.querySelector("[data-what]").textContent = `${act.number}, ${what}, ${at}.`;
    item.querySelector("[data-why]").textContent = why(act.problem);
    item.querySelector("[data-understood]").addEventListener("click", () => forget(act));
    return item;
  });
  document.getElementById("refused").replaceChildren(...items);
}

onKept(({ act, problem }) => {
  const card = act && document.getElementById(act.card);
  if (problem && card && !card.hidden && CAN_BE_PUT_RIGHT.test(problem.code)) {
    say(card, why(problem)); // where it was tapped, and is tapped again
    forget(act);
  } else if (act && !problem) {
    landed.add(act);
    setTimeout(() => landed.delete(act) && lay(), LANDED_MS);
  }
  lay();
  if (act) refresh();
});

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target.closest("form[data-keep]");
    if (!form) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keepForm(form, event.submitter);
  },
  true,
);
document.addEventListener("unreadable", ({ target }) => say(target, word("photo_unreadable")));

// Apple's phones open their own map by another name.
function prepareLinks() {
  if (!/iPhone|iPad|Macintosh/.test(navigator.userAgent)) return;
  for (const link of phone.querySelectorAll('[data-navigate][href^="geo:"]')) {
    link.href = `maps:?daddr=${link.getAttribute("href").slice(4).split("?")[0]}`;
  }
}

/** The drawing becomes a street map, when there is a link that can carry one. */
let map = null;
async function drawMap() {
  const sketch = phone.querySelector(".sketch");
  if (map && !map.element?.isConnected) {
    map.close();
    map = null;
  }
  if (!sketch || sketch.dataset.map || navigator.connection?.saveData) return;
  sketch.dataset.map = "asked";
  const { openMap } = await import("./map.js");
  const way = sketch.dataset.way.split(" ").map((pair) => pair.split(",").map(Number));
  map = await openMap(sketch.querySelector("[data-map]"), { lat: way[0][0], lon: way[0][1] });
  map.setLine("way", way, { tone: "enamel" });
  const places = [...sketch.querySelectorAll(".sketch__dot")].map(({ dataset }, id) => ({
    id: String(id),
    lat: Number(dataset.lat),
    lon: Number(dataset.lon),
    tone: dataset.tone === "self" ? "ash" : dataset.tone,
    shape: "disc",
    text: dataset.text,
  }));
  map.setPoints("places", places);
  map.fit(way, { padding: 26 });
}

let lock = null;
async function keepLit() {
  const isWanted = phone.querySelector("[data-stop], [data-ring]") !== null && !document.hidden;
  if (isWanted && !lock && navigator.wakeLock) {
    lock = await navigator.wakeLock.request("screen").catch((error) => console.info("the screen may go dark:", error.message));
    lock?.addEventListener("release", () => (lock = null));
  } else if (!isWanted && lock) lock.release();
}

/** What waits for a time to come or to pass. */
function reveal() {
  const now = Date.now();
  for (const node of phone.querySelectorAll("[data-from]:not(progress)")) node.hidden = now < Number(node.dataset.from);
  for (const node of phone.querySelectorAll("[data-before]")) node.hidden = now >= Number(node.dataset.before);
}

let isFirst = true;
whenDrawn(() => {
  const restored = document.querySelector("[data-restored]");
  if (!isFirst) restored.hidden = true; // the server has drawn it again
  isFirst = false;
  if (restored.hidden) keepView();
  ring(phone.querySelector("[data-ring]") !== null || document.querySelector("[data-told]") !== null);
  follow(document.getElementById("off-shift") === null);
  lay();
  prepareLinks();
  reveal();
  keepLit();
  drawMap();
});
onLink(({ link }) => {
  if (link !== "live") return;
  send();
  catchUp();
});
setInterval(reveal, 1000);
document.addEventListener("visibilitychange", keepLit);
addEventListener("click", unlock, { once: true }); // sound wants a first tap
