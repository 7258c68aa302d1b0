// Every staff screen: what the server drew stays true. Forms are sent without leaving the page, parts are drawn
// again when something happened, clocks tick, and one line says when the page may be old.
// The page is whole without this file.

import { follow, onLink, serverNow } from "./live.js";
import { hold, show } from "./toasts.js";
import { forget, keep as remember, kept } from "./unsent.js";

const POLL_MS = 15000; // behind every hint there is a poll
const TOGETHER_MS = 80; // rows that come together are fetched once
const TRY_AGAIN_MS = 2000;
const GIVE_UP_MS = 15000;

const shown = new WeakMap(); // card -> what the server last drew of it
const afterwards = []; // what other modules do after the parts were drawn
const before = new WeakMap(); // button -> what stood on it
let is_wanted = false;
let is_fetching = false;
let answers = 0; // forms that were answered
let unsent = 0;

const now = () => serverNow().getTime();

/** Calls `work` now and each time the parts were drawn. */
export function whenDrawn(work) {
  afterwards.push(work);
  work();
}

/** Fetches the page soon and swaps the parts that changed. */
export function refresh() {
  is_wanted = true;
  if (!is_fetching) fetchSoon();
}

/** One fetch at a time; a page that was asked for before a form was answered may be older than the answer. */
async function fetchSoon() {
  is_fetching = true;
  while (is_wanted) {
    await pause(TOGETHER_MS);
    is_wanted = false;
    const before = answers;
    try {
      const answer = await fetched(location.href);
      if (before === answers) take(answer);
      else is_wanted = true;
    } catch (error) {
      console.info("not fetched:", error.message); // the banner says how old the page is, and the poll comes back
    }
  }
  is_fetching = false;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function fetched(address, options = {}) {
  const signal = AbortSignal.timeout(GIVE_UP_MS);
  const response = await fetch(address, { ...options, headers: { Accept: "text/html" }, signal });
  return { response, page: new DOMParser().parseFromString(await response.text(), "text/html") };
}

/** Shows what an answer says. An answer that is not this screen (signed out, not allowed) is loaded as a page. */
function take({ response, page }) {
  if (response.status >= 500) throw new Error("the server is in trouble");
  if (!isThisScreen(page)) {
    location.reload();
    return;
  }
  for (const part of document.querySelectorAll("[data-part]")) {
    const drawn = page.getElementById(part.id);
    if (drawn) merge(part, drawn);
  }
  tick();
  afterwards.forEach((work) => work());
}

function isThisScreen(page) {
  const parts = [...document.querySelectorAll("[data-part]")];
  return parts.length === 0 || parts.some((part) => page.getElementById(part.id));
}

/** Puts the children of `drawn` into `part`; a card that says the same stays, with focus and half-typed numbers. */
function merge(part, drawn) {
  const cards = [...drawn.children];
  if (!cards.length || cards.some((card) => !card.id)) {
    if (part.innerHTML !== drawn.innerHTML) part.replaceChildren(...drawn.childNodes);
    return;
  }
  const before = new Map([...part.children].map((card) => [card.id, card]));
  const wanted = cards.map((card) => {
    const old = before.get(card.id);
    const words = said(card);
    if (old && shown.get(old) === words) return old;
    const made = document.adoptNode(card);
    shown.set(made, words);
    keepOpen(old, made);
    return made;
  });
  for (const child of [...part.childNodes]) if (!wanted.includes(child)) child.remove();
  let next = part.firstChild;
  for (const card of wanted) {
    if (card === next) next = next.nextSibling;
    else part.insertBefore(card, next);
  }
}

/** What a card says, without what differs each time it is drawn: keys, and what ticks. */
function said(card) {
  const copy = card.cloneNode(true);
  copy.querySelectorAll("input[type=hidden], [data-refusal]").forEach((field) => field.remove());
  copy.querySelectorAll("[data-tick]").forEach((clock) => clock.replaceChildren());
  const version = card.querySelector("input[name=version]")?.value ?? "";
  return version + copy.outerHTML.replace(/\s+/g, " ");
}

function keepOpen(old, made) {
  for (const details of made.querySelectorAll("details[id]")) {
    details.open ||= Boolean(old?.querySelector(`#${CSS.escape(details.id)}[open]`));
  }
}

/** Sends a form until it is answered; its key makes sure that it counts once, also when this page does not live on. */
async function send({ card, address, body, button }) {
  remember({ address, body, place: card()?.id });
  setBusy(card(), button, true);
  unsent += 1;
  const late = document.querySelector("[data-unsent]");
  let answer = null;
  while (answer === null) {
    try {
      answer = await fetched(address, { method: "POST", body });
      if (answer.response.status >= 500) throw new Error("the server is in trouble");
    } catch {
      answer = null;
      late.hidden = false;
      await pause(TRY_AGAIN_MS);
    }
  }
  if (isDoor(answer.response)) return location.reload(); // it is sent again by who comes in
  forget(body);
  answers += 1;
  unsent -= 1;
  late.hidden = unsent === 0;
  setBusy(card(), button, false);
  shown.delete(card()); // a refusal is drawn beside its form
  if (!isThisScreen(answer.page) && answer.response.status >= 400) return sayProblem(answer);
  take(answer);
  const notice = answer.page.getElementById("notice");
  if (notice) document.getElementById("notice").replaceChildren(...notice.childNodes);
  showToasts();
}

/** Who is signed out is led to a door that knows the way back. */
const isDoor = ({ redirected, url }) => redirected && new URL(url).searchParams.has("next");

/** What an earlier page of this screen could not send. */
async function sendKept() {
  for (const { address, body, place } of kept()) await send({ address, body, card: () => document.getElementById(place) });
}

/** A card that works: one thing at a time, and what the button promises stands on it until the server has answered. */
function setBusy(card, button, isBusy) {
  if (!card) return;
  card.classList.toggle("is-saving", isBusy);
  card.inert = isBusy;
  if (!button) return;
  if (isBusy) button.setAttribute("aria-busy", "true");
  else button.removeAttribute("aria-busy");
  const { optimistic } = button.dataset;
  if (!optimistic || isBusy === before.has(button)) return;
  if (isBusy) before.set(button, [...button.childNodes]);
  button.replaceChildren(...(isBusy ? [optimistic] : before.get(button)));
  if (!isBusy) before.delete(button);
}

/** A refusal that is no page of this screen (too many tries, too large, not allowed): its words, and nothing is lost. */
function sayProblem({ page }) {
  const banner = document.getElementById("answer-problem").content.cloneNode(true);
  const words = [page.querySelector("h1"), page.querySelector("[data-problem]")];
  banner.querySelector("[data-words]").textContent = words.map((node) => node?.textContent.trim()).filter(Boolean).join(". ");
  document.getElementById("notice").replaceChildren(banner);
}

function showToasts() {
  document.querySelectorAll("#notice [data-toast]").forEach((toast) => show(toast));
}

function onSubmit(event) {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("data-whole-page")) return;
  event.preventDefault();
  const button = event.submitter;
  const place = form.closest("[data-part] > *") ?? form;
  // The card may be drawn again before the answer comes: it is found by its name then.
  const card = () => (place.isConnected || !place.id ? place : document.getElementById(place.id));
  const sent = () => [...(card()?.querySelectorAll("form") ?? []), form].find((each) => each.action === form.action);
  const order = { card, form: sent, button, address: form.action, body: new URLSearchParams(new FormData(form, button)) };
  form.closest("[data-toast]")?.remove();
  const seconds = button?.dataset.hold ?? form.dataset.hold;
  if (seconds) keep(order, Number(seconds), button?.dataset.holdText ?? form.dataset.holdText);
  else send(order);
}

/** Waits with a form that has no way back, so that it has one for some seconds. */
function keep(order, seconds, text) {
  const held = (isHeld) => {
    order.form().toggleAttribute("data-held", isHeld); // for who counts what is still to be answered
    setBusy(order.card(), order.button, isHeld);
  };
  const again = () => held(true);
  held(true);
  afterwards.push(again); // a card that is drawn anew meanwhile is still held
  const stop = () => afterwards.splice(afterwards.indexOf(again), 1);
  hold({
    text,
    seconds,
    send(isLeaving) {
      stop();
      held(false);
      if (!isLeaving) return send(order);
      remember({ ...order, place: order.card()?.id }); // nobody hears the answer
      fetch(order.address, { method: "POST", body: order.body, keepalive: true });
    },
    takeBack() {
      stop();
      held(false);
    },
  });
}

/** Minutes and seconds: 6:42; hours only when there are some. */
export function clockText(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

const ticks = {
  left: (node, at, rate) => (node.textContent = clockText(((at - now()) / 1000) * rate)),
  age: (node, at, rate) => (node.textContent = clockText(((now() - at) / 1000) * rate)),
  minutes: (node, at, rate) => (node.textContent = String(Math.floor(((at - now()) / 60000) * rate)).replace("-", "−")),
  bar: (node, at) => {
    node.max = at - Number(node.dataset.from);
    node.value = Math.max(0, at - now());
  },
  clock: (node, at, rate) => {
    node.dataset.shown ??= node.textContent;
    const [hours, minutes] = node.dataset.shown.split(":").map(Number);
    const passed = Math.floor(((now() - at) / 60000) * rate);
    const shows = (((hours * 60 + minutes + passed) % 1440) + 1440) % 1440;
    node.textContent = `${String(Math.floor(shows / 60)).padStart(2, "0")}:${String(shows % 60).padStart(2, "0")}`;
  },
};

function tick() {
  for (const node of document.querySelectorAll("[data-tick]")) {
    ticks[node.dataset.tick](node, Number(node.dataset.at), Number(node.dataset.rate ?? 1));
  }
}

for (const card of document.querySelectorAll("[data-part] > *")) shown.set(card, said(card));
document.addEventListener("submit", onSubmit);
showToasts();
tick();
sendKept();
setInterval(tick, 1000);
setInterval(refresh, POLL_MS);
for (const topic of document.body.dataset.topics.split(" ")) follow({ topic, onRows: refresh });
onLink(({ link }) => link === "signed_out" && location.reload()); // which leads to the door
