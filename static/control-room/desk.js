// Alarms with their owners, the logbook, and who assigns: planner or people.

import { act, address } from "./acts.js";
import { drawLevers, leverWords } from "./levers.js";
import { mark, setIcon, stamp, write } from "./rows.js";
import { here, ms, now, say, sayCode, shown, since } from "./words.js";

const ICONS = { ticket_overdue: "paper-out", tickets_unrouted: "printer", order_without_deliverer: "scooter", stop_failed: "pin" };
const LINES = 60;
const alarms = document.getElementById("alarms");
const cards = new Map(); // alarm -> card
let city = null;

export function connectDesk(known) {
  city = known;
  alarms.addEventListener("click", onAlarm);
  document.getElementById("by-hand").addEventListener("click", onByHand);
}

export function drawDesk() {
  drawAlarms();
  drawLog();
  drawByHand();
  drawLevers(city);
}

/** Awake ones before the snoozed, then the oldest first. */
function inOrder() {
  const rank = (alarm) => (alarm.snoozed_until ? 2 : alarm.owner ? 1 : 0);
  return [...city.alarms.values()].sort((a, b) => rank(a) - rank(b) || ms(a.opened_at) - ms(b.opened_at));
}

function drawAlarms() {
  const found = inOrder();
  for (const [id, card] of cards) {
    if (city.alarms.has(id)) continue;
    leave(card);
    cards.delete(id);
  }
  found.forEach((alarm, index) => {
    const card = cards.get(alarm.id) ?? stamp("alarm");
    cards.set(alarm.id, card);
    drawAlarm(card, alarm);
    if (alarms.children[index] !== card) alarms.insertBefore(card, alarms.children[index] ?? null);
  });
  const mine = found.filter((alarm) => alarm.owner_id === here.me && !alarm.snoozed_until).length;
  const open = found.filter((alarm) => !alarm.owner).length;
  const count = document.getElementById("alarm-count");
  mark(count, "data-tone", open ? "tomato" : "ash");
  write(count.lastElementChild, mine ? say("desk.yours", { n: mine }) : say("desk.open", { n: open }));
  mark(document.getElementById("alarms-none"), "hidden", found.length || !city.isKnown ? "" : false);
}

/** A card that goes takes the focus of its buttons along: the list gets it. */
function leave(card) {
  const hadFocus = card.contains(document.activeElement);
  card.remove();
  if (hadFocus) alarms.focus();
}

export const questionOf = (kind, detail) => sayCode("alarms", kind, { number: detail.number });

function drawAlarm(card, alarm) {
  const { parts } = card;
  const isMine = alarm.owner_id === here.me;
  card.dataset.id = alarm.id;
  mark(card, "data-tone", alarm.snoozed_until ? "ash" : alarm.owner ? "brass" : "tomato");
  setIcon(parts.icon, alarm.snoozed_until ? "snooze" : (ICONS[alarm.kind] ?? "alert"));
  write(parts.question, questionOf(alarm.kind, alarm.detail));
  write(parts.age, since(ms(alarm.opened_at)));
  write(parts.detail, detailOf(alarm.detail));
  const asked = alarm.assigned_to ? say("desk.asked", { name: alarm.assigned_to }) : say("desk.nobody");
  write(parts.owner, alarm.owner ? (isMine ? say("desk.you", { name: alarm.owner }) : alarm.owner) : asked);
  mark(parts.disc, "hidden", alarm.owner ? false : "");
  write(parts.disc, (alarm.owner ?? "").slice(0, 2).toUpperCase());
  mark(parts.until, "hidden", alarm.snoozed_until ? false : "");
  if (alarm.snoozed_until) write(parts.until_words, say("desk.until", { time: shown(ms(alarm.snoozed_until)) }));
  mark(parts.take, "hidden", isMine && !alarm.snoozed_until ? "" : false);
  mark(parts.back, "hidden", isMine ? false : "");
}

function detailOf(detail) {
  if (detail.why) return sayCode("waits", detail.why);
  const asks = city.people.get(detail.deliverer)?.name;
  if (detail.reason) return [asks, sayCode("failed", detail.reason)].filter(Boolean).join(": ");
  return ["number", "restaurant", "orders", "what", "error"].filter((key) => key in detail).map((key) => detail[key]).join(", ");
}

export function tickDesk(at = now()) {
  for (const [id, card] of cards) write(card.parts.age, since(ms(city.alarms.get(id)?.opened_at), at));
}

function onAlarm(event) {
  const button = event.target.closest("button[data-act]");
  const alarm = button && city.alarms.get(button.closest("[data-id]").dataset.id);
  if (!alarm) return;
  const acts = {
    take: [{}, say("acts.taken")],
    back: [{}, say("acts.given_back")],
    over: [{ to: button.value }, say("acts.handed", { name: button.textContent.trim() })],
    snooze: [{ minutes: button.value }, say("acts.snoozed")],
    close: [{ reason: button.value }, say("acts.closed")],
  };
  const [fields, what] = acts[button.dataset.act];
  button.closest("[popover]")?.hidePopover();
  button.closest("details")?.removeAttribute("open");
  act(address(button.dataset.act, alarm.id), { ...fields, version: alarm.version }, { what });
}

function drawLog() {
  const box = document.getElementById("log");
  const entries = [...city.log.values()].sort((a, b) => ms(b.written_at) - ms(a.written_at)).slice(0, LINES);
  const known = new Map([...box.children].map((line) => [line.dataset.id, line]));
  const drawn = entries.map((entry) => known.get(entry.id) ?? logLine(entry));
  drawn.forEach((line, index) => box.children[index] !== line && box.insertBefore(line, box.children[index] ?? null));
  while (box.children.length > drawn.length) box.lastElementChild.remove();
  mark(document.getElementById("log-none"), "hidden", entries.length || !city.isKnown ? "" : false);
}

function logLine(entry) {
  const line = stamp("log-line");
  line.dataset.id = entry.id;
  write(line.parts.time, shown(ms(entry.written_at)));
  line.parts.time.dateTime = entry.written_at;
  write(line.parts.author, entry.author ?? say("desk.system"));
  write(line.parts.words, entry.kind === "note" ? noted(entry) : sayCode("log", entry.kind, spoken(entry.detail)));
  return line;
}

function noted(entry) {
  const order = entry.about && city.orders.get(entry.about.split(":")[1]);
  return order ? `${entry.text} (${order.number})` : entry.text;
}

const spoken = (detail) => ({
  ...detail,
  question: detail.alarm && questionOf(detail.alarm, detail),
  reason: detail.reason && sayCode("closed", detail.reason),
  lever: detail.lever && leverWords(detail.lever, detail),
});

function drawByHand() {
  const until = city.byHand && ms(city.byHand.until);
  const isByHand = until !== null && until > now();
  city.isByHand = isByHand;
  const box = document.getElementById("by-hand");
  mark(box, "data-tone", isByHand ? "brass" : null);
  const values = isByHand && { time: shown(until), name: city.byHand.author };
  write(box.querySelector("[data-p=words]"), isByHand ? say("desk.hand.off", values) : say("desk.hand.on"));
  mark(box.querySelector("[data-p=off]"), "hidden", isByHand ? "" : false);
  mark(box.querySelector("[data-p=on]"), "hidden", isByHand ? false : "");
}

function onByHand(event) {
  const button = event.target.closest("button[data-minutes]");
  if (!button) return;
  button.closest("details")?.removeAttribute("open");
  const minutes = Number(button.dataset.minutes);
  const what = minutes ? say("log.by_hand", { minutes }) : say("log.by_planner");
  act(address("byHand"), { minutes }, { what });
}
