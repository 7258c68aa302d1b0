// What is known of the city: rows of `city.<id>` joined to orders and deliverers as the lists show them.
// Nothing here touches the page.

import { minutesTo, ms, now } from "./words.js";

const SOON_MIN = 10; // city minutes before the promise
const ANSWER_SOON_MIN = 2; // before an unanswered order expires
const SILENT_MS = 60_000; // real: phones report every few seconds
const WISH_MS = 6_000; // what was asked for is shown so long, unless the city says otherwise before
const PLANNABLE = new Set(["accepted", "preparing", "ready"]);
const GROUPS = ["unassigned", "slipping", "course"];

export class City {
  constructor() {
    this.orders = new Map();
    this.people = new Map();
    this.alarms = new Map();
    this.log = new Map();
    this.levers = new Map();
    this.byHand = null;
    this.here = []; // [account, name, order]: who else looks at this city, and at which order
    this.routes = new Map();
    this.places = new Map(); // deliverer -> the latest { lat, lon, seen }, which may come before the person
    this.lines = new Map(); // order -> address; comes by its own feed
    this.hints = { waits: {}, picks: {}, free_at: {}, today: null };
    this.isKnown = false; // something can be shown
    this.isWhole = false; // and nothing of the city is missing
    this.changed = { orders: new Set(), people: new Set(), desk: false };
  }

  /** Rows of the topic; what they change is gathered in `changed`. */
  take(rows) {
    for (const row of rows) this.takeOne(row, row.entity.split(":", 1)[0]);
    this.isKnown = true;
  }

  /** All rows there are: what came with the page and is no more goes. */
  takeWhole(rows) {
    const present = new Set(rows.map((row) => row.entity));
    const kinds = { order: this.orders, route: this.routes, deliverer: this.people, alarm: this.alarms, lever: this.levers };
    const left = Object.entries(kinds).flatMap(([kind, known]) => [...known.keys()].map((id) => `${kind}:${id}`));
    this.take(left.filter((entity) => !present.has(entity)).map((entity) => ({ entity, gone: true })));
    this.take(rows);
    this.isWhole = true;
  }

  takeOne(row, kind) {
    const id = row.entity.slice(kind.length + 1);
    if (kind === "order") this.takeOrder(id, row);
    else if (kind === "route") this.takeRoute(id, row);
    else if (kind === "deliverer") this.takePerson(id, row);
    else this.takeDesk(kind, id, row);
  }

  takeOrder(id, row) {
    this.changed.orders.add(id);
    if (row.gone) {
      this.orders.delete(id);
      this.lines.delete(id);
      return;
    }
    const before = this.orders.get(id);
    const order = before ?? { id, route: null, wish: null, group: "", tone: "" };
    Object.assign(order, {
      number: row.number,
      version: row.version,
      shop: row.shop,
      status: row.status,
      fulfilment: row.fulfilment,
      due: ms(row.status === "placed" ? row.accept_by : (row.promised_until ?? row.accept_by)),
      ready: ms(row.ready_eta),
      placed: ms(row.placed_at),
      door: [row.lat, row.lon],
      counter: [row.shop_lat, row.shop_lon],
    });
    if (!before) order.route = this.routeWith(id);
    this.orders.set(id, order);
  }

  takeRoute(id, row) {
    for (const order of this.touched(this.routes.get(id))) if (order.route === id) order.route = null;
    if (row.gone) this.routes.delete(id);
    else this.routes.set(id, row);
    for (const order of this.touched(this.routes.get(id))) {
      order.route = id;
      order.wish = null;
    }
  }

  /** The orders of a route row; they and its people have to be drawn again. */
  touched(row) {
    if (!row) return [];
    const of = row.deliverer ?? row.offered_to;
    if (of) this.changed.people.add(of);
    const found = new Set();
    for (const stop of row.stops) {
      this.changed.orders.add(stop.order);
      const order = this.orders.get(stop.order);
      if (order) found.add(order);
    }
    return found;
  }

  routeWith(orderId) {
    for (const [id, row] of this.routes) if (row.stops.some((stop) => stop.order === orderId)) return id;
    return null;
  }

  takePerson(id, row) {
    this.changed.people.add(id);
    if (row.gone) return void this.people.delete(id);
    const person = this.people.get(id) ?? { id, lat: null, lon: null, seen: null, ...this.places.get(id) };
    Object.assign(person, { name: row.name, vehicle: row.vehicle, isPaused: row.offers_paused });
    this.people.set(id, person);
  }

  takeDesk(kind, id, row) {
    this.changed.desk = true;
    if (kind === "hand_dispatch") this.byHand = row.gone ? null : row;
    const kept = { alarm: this.alarms, log: this.log, lever: this.levers }[kind];
    if (!kept) return;
    if (row.gone) kept.delete(id);
    else kept.set(id, row);
  }

  /** [[deliverer, lat, lon, measured_ms]]: where people were when their phones last said. */
  takePlaces(places) {
    for (const [id, lat, lon, seen] of places) {
      this.places.set(id, { lat, lon, seen });
      const person = this.people.get(id);
      if (!person) continue;
      Object.assign(person, { lat, lon, seen });
      this.changed.people.add(id);
    }
  }

  /** Who else is here; gives back whether somebody came, went or turned to another order. */
  takeHere(here) {
    if (JSON.stringify(here) === JSON.stringify(this.here)) return false;
    for (const [, , order] of [...this.here, ...here]) if (order) this.changed.orders.add(order);
    this.here = here;
    return true;
  }

  /** The name of a colleague who has the order before them. */
  heldBy(id) {
    return this.here.find(([, , order]) => order === id)?.[1] ?? "";
  }

  takeHints({ lines, ...hints }) {
    for (const [id, line] of Object.entries(lines)) this.lines.set(id, line);
    Object.assign(this.hints, hints);
    for (const id of this.orders.keys()) this.changed.orders.add(id);
    for (const id of this.people.keys()) this.changed.people.add(id);
  }

  /** Shows an order as given to a deliverer (null: to nobody) until the city says so or `unwish` is called. */
  wish(id, deliverer) {
    const order = this.orders.get(id);
    if (!order) return;
    order.wish = { deliverer, until: now() + WISH_MS };
    this.changed.orders.add(id);
  }

  unwish(id) {
    const order = this.orders.get(id);
    if (order) order.wish = null;
    this.changed.orders.add(id);
  }

  /** Changes whenever what the pane of an order or of a deliverer says may have. */
  stampOf(what, id) {
    const order = what === "order" ? this.orders.get(id) : null;
    const route = order ? this.routes.get(order.route) : this.routeOf(id);
    return [order?.version, order?.status, route?.id, route?.version, route?.status].join();
  }

  carrierOf(order) {
    if (order.wish) return order.wish.deliverer;
    const route = this.routes.get(order.route);
    return route?.status === "assigned" ? route.deliverer : null;
  }

  offerOf(order) {
    const route = order.wish ? null : this.routes.get(order.route);
    return route?.status === "planned" && route.offered_to ? route : null;
  }

  /** The open stop of the order that its carrier stands at, if any: "pickup" or "dropoff". */
  standsAt(order) {
    const stops = this.routes.get(order.route)?.stops ?? [];
    return stops.find((stop) => stop.order === order.id && stop.status === "arrived")?.kind ?? null;
  }

  isSilent(person, at = now()) {
    return person.seen === null || at - person.seen > SILENT_MS;
  }

  routeOf(personId) {
    const held = this.routesByPerson?.get(personId);
    return held?.assigned ?? held?.planned ?? null;
  }

  /** Numbers of the orders that a deliverer still has to bring. */
  bagsOf(route) {
    if (!route) return [];
    const open = route.stops.filter((stop) => stop.kind === "dropoff" && ["pending", "arrived"].includes(stop.status));
    return open.map((stop) => this.orders.get(stop.order)?.number).filter(Boolean);
  }

  mayBeAssigned(order) {
    return PLANNABLE.has(order.status) && order.fulfilment === "platform";
  }

  /** Sorts all orders into groups and tones as of `at`. Cheap: once a second and after each change. */
  judge(at = now()) {
    this.routesByPerson = new Map();
    for (const route of this.routes.values()) {
      const of = route.deliverer ?? route.offered_to;
      if (of) this.routesByPerson.set(of, { ...this.routesByPerson.get(of), [route.status]: route });
    }
    let isMoved = false;
    for (const order of this.orders.values()) {
      if (order.wish && order.wish.until < at) this.unwish(order.id);
      const left = minutesTo(order.due, at);
      const soon = order.status === "placed" ? ANSWER_SOON_MIN : SOON_MIN;
      const tone = left < 0 ? "tomato" : left < soon ? "brass" : "";
      const group = this.groupOf(order, tone, at);
      if (tone === order.tone && group === order.group) continue;
      Object.assign(order, { tone, group });
      this.changed.orders.add(order.id);
      isMoved = true;
    }
    return isMoved;
  }

  groupOf(order, tone, at) {
    const carrier = this.carrierOf(order);
    if (!carrier && (this.mayBeAssigned(order) || (order.status === "placed" && tone))) return "unassigned";
    const person = carrier && this.people.get(carrier);
    return tone || (person && this.isSilent(person, at)) ? "slipping" : "course";
  }

  /** Orders that the filters leave, the most urgent of each group first, and a head before each group. */
  listed({ show, find }) {
    const wanted = find.trim().toLocaleLowerCase();
    const groups = Object.fromEntries(GROUPS.map((group) => [group, []]));
    for (const order of this.orders.values()) {
      if (this.fits(order, show) && (!wanted || this.searched(order).includes(wanted))) groups[order.group].push(order);
    }
    const rows = [];
    for (const group of GROUPS) {
      const found = groups[group].sort((a, b) => a.due - b.due || (a.number < b.number ? -1 : 1));
      if (found.length) rows.push({ id: `head:${group}`, head: group, orders: found }, ...found);
    }
    return rows;
  }

  fits(order, show) {
    if (show === "unassigned") return order.group === "unassigned" && order.status !== "placed";
    if (show === "late") return order.tone !== "";
    return show !== "placed" || order.status === "placed";
  }

  searched(order) {
    const carrier = this.people.get(this.carrierOf(order));
    const said = `${order.number} ${order.number.replace(/\s/g, "")} ${order.shop} ${this.lines.get(order.id) ?? ""}`;
    return `${said} ${carrier?.name ?? ""}`.toLocaleLowerCase();
  }

  counts() {
    let [unassigned, late, soon] = [0, 0, 0];
    for (const order of this.orders.values()) {
      if (order.group !== "unassigned" || order.status === "placed") continue;
      unassigned += 1;
      if (order.tone === "tomato") late += 1;
      else if (order.tone === "brass") soon += 1;
    }
    let free = 0;
    for (const person of this.people.values()) if (this.isFree(person)) free += 1;
    return { open: this.orders.size, unassigned, late, soon, free, on: this.people.size };
  }

  isFree(person) {
    return !this.routesByPerson.get(person.id) && !person.isPaused && !this.isSilent(person);
  }
}
