// Fills the rows of orders and deliverers. A text or an icon is written only when it differs.

import { age, minutesTo, now, say, sayCode, shown, wholeMinutes } from "./words.js";

const icons = document.getElementById("control-room").dataset.icons;
const templates = {};

/** A copy of <template id="...">, with its [data-...] parts as `parts`. */
export function stamp(name) {
  templates[name] ??= document.getElementById(name).content.firstElementChild;
  const node = templates[name].cloneNode(true);
  node.parts = {};
  for (const part of node.querySelectorAll("[data-p]")) node.parts[part.dataset.p] = part;
  return node;
}

export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function mark(node, name, value) {
  if (value === null || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

export function setIcon(svg, name) {
  const use = svg.firstElementChild;
  mark(use, "href", `${icons}#${name}`);
}

/** What an order's right side says: [icon, word, line below]. */
function hintOf(city, order) {
  const carrier = city.people.get(city.carrierOf(order));
  if (order.wish) return ["refresh", say("rows.saving"), carrier ? firstName(carrier.name) : say("acts.nobody")];
  if (carrier) return carriedHint(city, order, carrier);
  const offer = city.offerOf(order);
  if (offer) {
    const left = Math.max(0, Math.round((Date.parse(offer.expires_at) - now()) / 1000));
    const asked = city.people.get(offer.offered_to);
    return ["hourglass", say("rows.hint.left", { n: left }), say("rows.hint.offered", { name: firstName(asked?.name) })];
  }
  if (order.status === "placed") return ["bell", say("rows.hint.answer"), say("rows.answer_by", { time: shown(order.due) })];
  if (!city.mayBeAssigned(order)) return order.fulfilment === "platform" ? ["", "", ""] : ["shop", say("rows.collection"), ""];
  return waitingHint(city, order);
}

/** The same, unless a colleague has the order before them: two should not give it to two couriers. */
function hintFor(city, order) {
  const name = city.heldBy(order.id);
  const hint = hintOf(city, order);
  return name && !order.wish ? ["eye", hint[1], say("rows.hint.holds", { name: firstName(name) })] : hint;
}

function carriedHint(city, order, carrier) {
  const name = firstName(carrier.name);
  if (city.isSilent(carrier)) return ["cloud-off", say("rows.hint.silent"), `${name}, ${age(carrier.seen)}`];
  const at = city.standsAt(order);
  if (at === "pickup") return ["hourglass", say("rows.hint.at_counter"), name];
  if (at === "dropoff") return ["pin", say("rows.hint.at_door"), name];
  return order.status === "picked_up" ? ["bag", say("rows.hint.bag"), name] : ["bike", say("rows.hint.route"), name];
}

function waitingHint(city, order) {
  const [why, refusals] = city.hints.waits[order.id] ?? ["", 0];
  const pick = city.hints.picks[order.id];
  const chosen = pick && city.people.get(pick[0]);
  const below = refusals
    ? say("rows.hint.refused", { n: refusals })
    : chosen
      ? say("rows.hint.pick", { name: firstName(chosen.name), n: pick[1] })
      : why && sayCode("waits", why);
  if (order.tone === "tomato") return ["alert", say("rows.hint.none"), below];
  if (order.tone === "brass") return ["clock", say("rows.hint.soon"), below];
  return city.isByHand ? ["user", say("rows.hint.hand"), below] : ["refresh", say("rows.hint.auto"), below];
}

export const firstName = (name) => (name ?? "").split(" ")[0];

/** Why a deliverer is proposed: [deliverer, way_min, bags, spare_min, is_planned] as a sentence or three. */
export function reasonOf([, way, bags, spare, isPlanned]) {
  const parts = [];
  if (isPlanned) parts.push(say("rows.why.engine"));
  if (bags) parts.push(say("rows.why.soonest", { bags: say("rows.why.bags", { n: bags }), n: way }));
  else parts.push(say("rows.why.nearest", { n: way }));
  if (spare !== null) parts.push(spare < 0 ? say("rows.why.late", { n: -spare }) : say("rows.why.keeps", { n: spare }));
  return parts.join(" ");
}

/** The deliverer that Enter would take: the suggestion, while it still fits. */
export function pickOf(city, order) {
  if (city.carrierOf(order) || !city.mayBeAssigned(order)) return null;
  const pick = city.hints.picks[order.id];
  return pick && city.people.has(pick[0]) ? pick : null;
}

export function drawHead(node, { head, orders }) {
  write(node.parts.title, say(`rows.group.${head}`));
  write(node.parts.count, String(orders.length));
  for (const [part, tone] of [["late", "tomato"], ["soon", "brass"]]) {
    const n = orders.filter((order) => order.tone === tone).length;
    mark(node.parts[part], "hidden", n ? false : "");
    write(node.parts[`${part}_words`], say(`rows.count.${part}`, { n }));
  }
}

export function drawOrder(node, city, order, { isSelected, isMarked }) {
  const { parts } = node;
  const carrier = city.people.get(city.carrierOf(order));
  mark(node, "data-tone", order.tone || null);
  mark(node, "aria-selected", String(isSelected || isMarked));
  mark(node, "data-marked", isMarked ? "" : null);
  mark(node, "data-saving", order.wish ? "" : null);
  write(parts.min, wholeMinutes(minutesTo(order.due)));
  write(parts.unit, say(order.tone === "tomato" ? "rows.late" : "rows.min"));
  write(parts.number, order.number);
  write(parts.title, order.group === "slipping" && carrier ? carrier.name : order.shop);
  const ready = order.status === "placed" || !order.ready ? sayCode("status", order.status) : say("rows.ready", { time: shown(order.ready) });
  write(parts.meta, [ready, order.group === "slipping" ? order.shop : "", city.lines.get(order.id)].filter(Boolean).join(" · "));
  const [icon, word, below] = hintFor(city, order);
  mark(parts.hint, "hidden", icon ? false : "");
  if (icon) setIcon(parts.icon, icon);
  write(parts.word, word);
  write(parts.below, below);
  const pick = isSelected ? pickOf(city, order) : null;
  mark(parts.suggest, "hidden", pick ? false : "");
  if (!pick) return;
  write(parts.why, reasonOf(pick));
  write(parts.take, say("rows.assign", { name: firstName(city.people.get(pick[0]).name) }));
}

/** A deliverer's state: [tone, icon, words]. */
export function stateOf(city, person) {
  if (city.isSilent(person)) return ["ash", "cloud-off", say("people.silent")];
  const route = city.routeOf(person.id);
  if (route?.status === "assigned") return routeState(city, route);
  if (route) {
    const left = Math.max(0, Math.round((Date.parse(route.expires_at) - now()) / 1000));
    return ["brass", "hourglass", say("people.offer", { n: left })];
  }
  return person.isPaused ? ["plum", "pause", say("people.paused")] : ["basil", "check", say("people.free")];
}

function routeState(city, route) {
  const stop = route.stops.find(({ status }) => status === "arrived");
  if (stop?.kind === "pickup") return ["sea", "shop", say("people.at", { shop: city.orders.get(stop.order)?.shop ?? "" })];
  if (stop) return ["sea", "pin", say("people.at_door")];
  return ["sea", "bag", say("people.bags", { n: city.bagsOf(route).length })];
}

const VEHICLES = { bicycle: "bike", scooter: "scooter", car: "scooter" };

export function drawPerson(node, city, person, { isSelected }) {
  const { parts } = node;
  const route = city.routeOf(person.id);
  const [tone, icon, words] = stateOf(city, person);
  const isSilent = city.isSilent(person);
  mark(node, "data-stale", isSilent ? "" : null);
  mark(node, "aria-selected", String(isSelected));
  setIcon(parts.vehicle, VEHICLES[person.vehicle] ?? "walk");
  write(parts.name, person.name);
  mark(parts.state, "data-tone", tone);
  setIcon(parts.icon, icon);
  write(parts.words, words);
  const bags = city.bagsOf(route);
  if (parts.bags.dataset.said !== bags.join()) {
    parts.bags.dataset.said = bags.join();
    const drawn = bags.map((number) => Object.assign(document.createElement("span"), { textContent: number }));
    parts.bags.replaceChildren(...(drawn.length ? drawn : ["–"]));
  }
  const free = city.hints.free_at[person.id];
  write(parts.free, isSilent ? "?" : !route ? say("people.now") : free ? shown(Math.max(free, now())) : "?");
  write(parts.seen, age(person.seen));
}
