// The counter's tablet: a new order fills the screen and rings until it is answered, here or elsewhere.

import { onLink } from "./live.js";
import { whenDrawn } from "./screen.js";
import { ringFor } from "./lobby-bell.js";
import "./lobby-drawer.js";

const SNOOZE_MS = 60_000;
const root = document.documentElement;
const quietUntil = new Map(); // order -> when its flash and its bell come back
const chosen = new Map(); // order -> the minutes that somebody has chosen and not sent yet
const flashes = document.getElementById("flash");
const behind = [document.querySelector(".bar"), document.querySelector(".health"), document.getElementById("main")];

const waiting = () => [...flashes.querySelectorAll("[data-flash]")];
const isQuiet = (flash) => (quietUntil.get(flash.dataset.flash) ?? 0) > Date.now();

/** Shows the oldest order that nobody has put off, and rings for it. A refusal that can still be undone is answered. */
function show() {
  const asking = waiting().filter((flash) => !flash.querySelector("form[data-held]"));
  const next = asking.find((flash) => !isQuiet(flash));
  for (const flash of waiting()) {
    const isNews = flash.hidden && flash === next;
    flash.hidden = flash !== next;
    if (chosen.has(flash.dataset.flash)) setMinutes(flash.querySelector(".yes-form"), chosen.get(flash.dataset.flash));
    if (isNews && document.activeElement?.closest("[data-flash]") !== flash) flash.querySelector(".yes").focus();
  }
  for (const part of behind) part.inert = Boolean(next);
  root.toggleAttribute("data-flashing", Boolean(next));
  ringFor(next ? asking.filter((flash) => !isQuiet(flash)).map((flash) => flash.dataset.flash) : []);
}

function step(button) {
  const form = button.closest("form");
  const wanted = Number(form.querySelector("[data-minutes]").value) + Number(button.dataset.step);
  const minutes = Math.min(240, Math.max(5, wanted));
  chosen.set(button.closest("[data-flash]").dataset.flash, minutes);
  setMinutes(form, minutes);
}

function setMinutes(form, minutes) {
  const field = form.querySelector("[data-minutes]");
  const moved = minutes - Number(field.value);
  if (!moved) return;
  field.value = String(minutes);
  form.querySelector("[data-minutes-shown]").textContent = String(minutes);
  const ready = form.querySelector("[data-ready]");
  const [hours, rest] = (ready.dataset.shown ?? ready.textContent).split(":").map(Number);
  const total = (((hours * 60 + rest + moved) % 1440) + 1440) % 1440;
  ready.dataset.shown = `${String(Math.floor(total / 60)).padStart(2, "0")}:${String(total % 60).padStart(2, "0")}`;
  ready.textContent = ready.dataset.shown;
}

document.addEventListener("click", (event) => {
  const stepper = event.target.closest("[data-step]");
  if (stepper) step(stepper);
  const snooze = event.target.closest("[data-snooze]");
  if (snooze) {
    const { flash } = snooze.closest("[data-flash]").dataset;
    quietUntil.set(flash, Date.now() + SNOOZE_MS);
    setTimeout(show, SNOOZE_MS + 100);
    show();
  }
  const look = event.target.closest("[data-look]");
  if (look) {
    event.preventDefault();
    quietUntil.delete(look.dataset.look);
    for (const flash of waiting()) {
      if (flash.dataset.flash !== look.dataset.look && !isQuiet(flash)) quietUntil.set(flash.dataset.flash, Date.now() + SNOOZE_MS);
    }
    show();
  }
});
document.addEventListener("submit", ({ target }) => target.closest("details")?.removeAttribute("open")); // a choice was made
new MutationObserver(show).observe(flashes, { subtree: true, attributeFilter: ["data-held"] });
whenDrawn(show);

// --- how true the page is -------------------------------------------------------------------------------------------
const cell = document.querySelector("[data-link-cell]");

onLink(({ link, age_s }) => {
  const isLive = link === "live";
  cell.dataset.tone = isLive ? "basil" : "tomato";
  cell.querySelector("[data-when-live]").hidden = !isLive;
  cell.querySelector("[data-when-lost]").hidden = isLive;
  cell.querySelector("[data-age]").textContent = age_s < 120 ? `${age_s} s` : `${Math.floor(age_s / 60)} min`;
});
