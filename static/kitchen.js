// The kitchen screen: six fixed places, a bump bar. Who presses and what is cooked is on the server; here are only
// the places (a ticket never moves under a finger), the page that is looked at, and the size of the text.

import { refresh, whenDrawn } from "./screen.js";

const PER_PAGE = 6;
const PER_ROW = 3;
const SIZE = "passeplat.text";
const root = document.documentElement;
const rail = document.getElementById("places");
const help = document.getElementById("help");
const pages = document.querySelector("[data-pages]");
const said = new Map(); // ticket -> what its head said
let places = []; // place -> id of the ticket that hangs there; a wide one hangs in two
let page = 0;
let chosen = null;

const fits = () => (innerHeight < 960 ? 3 : 5); // lines in one place; a longer ticket takes two, never a scroll bar
const isWide = (ticket) => ticket.querySelectorAll(".dish").length > fits();
const tickets = () => [...rail.querySelectorAll("[data-place]")];
const shownOnes = () => tickets().filter((ticket) => !ticket.hidden);

function isFree(at, width) {
  if (width === 2 && at % PER_ROW === PER_ROW - 1) return false;
  return !places[at] && (width === 1 || !places[at + 1]);
}

/** Tickets stay where they hang; new ones, and those of later pages, fill what is free, the oldest first. */
function hang() {
  const all = tickets();
  const ids = new Set(all.map((ticket) => ticket.id));
  places = places.map((id, at) => (ids.has(id) && at < PER_PAGE * (page + 1) ? id : null));
  for (const ticket of all) {
    if (places.includes(ticket.id)) continue;
    const width = isWide(ticket) ? 2 : 1;
    let at = 0;
    while (!isFree(at, width)) at += 1;
    for (let each = at; each < at + width; each += 1) places[each] = ticket.id;
  }
  const last = Math.max(0, Math.ceil((places.findLastIndex(Boolean) + 1) / PER_PAGE) - 1);
  page = Math.min(page, last);
}

function show() {
  hang();
  const from = page * PER_PAGE;
  const here = places.slice(from, from + PER_PAGE);
  for (const ticket of tickets()) {
    const at = here.indexOf(ticket.id);
    ticket.hidden = at < 0;
    ticket.classList.toggle("place--wide", isWide(ticket));
    ticket.dataset.at = String(at + 1);
    ticket.querySelector(".bon__key").textContent = at < 0 ? "" : String(at + 1);
    const was = said.get(ticket.id);
    const says = ticket.querySelector(".bon__word").textContent;
    if (was !== undefined && was !== says) flash(ticket);
    said.set(ticket.id, says);
  }
  const more = new Set(places.filter((id) => id && !here.includes(id))).size;
  pages.hidden = more === 0;
  pages.querySelector("[data-more]").textContent = String(more);
  choose(chosen);
}

/** A change flashes in its place. */
function flash(ticket) {
  ticket.classList.remove("is-news");
  requestAnimationFrame(() => ticket.classList.add("is-news"));
}

function choose(id) {
  chosen = shownOnes().some((ticket) => ticket.id === id) ? id : null;
  for (const ticket of tickets()) ticket.toggleAttribute("data-chosen", ticket.id === chosen);
}

const at = (place) => shownOnes().find((ticket) => Number(ticket.dataset.at) === place);
const bump = (ticket) => ticket?.querySelector("[data-bump]").click();

function move(by) {
  const here = shownOnes().sort((a, b) => a.dataset.at - b.dataset.at);
  if (!here.length) return;
  const now = here.findIndex((ticket) => ticket.id === chosen);
  const next = here[now < 0 ? 0 : (now + by + here.length) % here.length];
  choose(next.id);
  next.querySelector(".bon").focus();
}

function turn(by) {
  page = Math.max(0, page + by);
  show();
}

async function recall(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  const drawn = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("over");
  if (!answer.ok || !drawn) return location.assign(address);
  history.replaceState(null, "", address);
  document.getElementById("over").replaceChildren(...drawn.childNodes);
  document.querySelector("#over .row button, #over [data-close]")?.focus();
  refresh();
}

const keys = {
  ArrowLeft: () => move(-1),
  ArrowRight: () => move(1),
  ArrowUp: () => move(-PER_ROW),
  ArrowDown: () => move(PER_ROW),
  b: () => bump(document.getElementById(chosen)),
  r: () => document.querySelector("a[data-recall]").click(),
  7: () => turn(-1),
  8: () => turn(1),
  9: () => help.showModal(),
  "?": () => help.showModal(),
  Escape: () => document.querySelector("#over [data-close]")?.click(),
};
for (let place = 1; place <= PER_PAGE; place += 1) keys[place] = () => bump(at(place));

document.addEventListener("keydown", (event) => {
  if (help.open || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-recall]");
  if (link) {
    event.preventDefault();
    recall(link.href).catch(() => location.assign(link.href));
  }
  const turner = event.target.closest("[data-page]");
  if (turner) turn(Number(turner.dataset.page));
  if (event.target.closest("[data-help-open]")) help.showModal();
  if (event.target.closest("[data-text-size]")) size(root.dataset.text === "large" ? "usual" : "large");
});

function size(name) {
  if (name === "large") root.dataset.text = "large";
  else delete root.dataset.text;
  localStorage.setItem(SIZE, name);
}

size(localStorage.getItem(SIZE) ?? "usual");
for (const button of document.querySelectorAll("[data-text-size], [data-help-open]")) button.hidden = false;
root.dataset.places = "fixed";
whenDrawn(show);
