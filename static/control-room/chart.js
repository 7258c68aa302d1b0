// The map of the control room: orders that need somebody as tags, deliverers as discs, the way of what is selected.
// It is fetched only when it is shown; the lists say everything that it says.

import { address } from "./acts.js";
import { leverWords } from "./levers.js";
import { firstName, pickOf } from "./rows.js";
import { here } from "./words.js";

const AT_MOST_EVERY_MS = 1_000;
const IDLE_WITHIN_MS = 3_000;
const box = document.querySelector("[data-map]");

/** The map's library takes a part of a second to start: it waits until nobody does anything. */
const idle = () => new Promise((resolve) => requestIdleCallback(resolve, { timeout: IDLE_WITHIN_MS }));

export class Chart {
  constructor(city, { onOrder, onPerson }) {
    Object.assign(this, { city, onOrder, onPerson });
    this.map = null;
    this.isOpening = false;
    this.seen = {};
    this.drawnAt = 0;
    this.timer = null;
    this.known = { orders: null, people: null };
    this.said = {};
    this.lines = {};
  }

  /** Opens the map unless it is hidden. */
  async show(seen) {
    this.seen = seen;
    if (seen.map === "off" || this.isOpening || !this.city.isWhole) return this.soon(); // the lists come first
    this.isOpening = true;
    await idle();
    const { openMap } = await import("../map.js");
    this.map = await openMap(box, { lat: here.lat, lon: here.lon, zoom: 12.5 });
    this.map.onPick("people", (id) => this.onPerson(id));
    this.map.onPick("orders", (id) => this.onOrder(id));
    for (const zone of here.zones) this.map.setArea(`zone-${zone.name}`, zone.ring, { tone: "ash", text: "" });
    this.areas = new Set();
    this.soon();
  }

  /** What a pointer or a drop is over: the id of a point of "orders" or "people". */
  at(event, layer) {
    return this.map?.at?.(layer, event) ?? null;
  }

  update() {
    if (this.isOpening) this.soon();
    else this.show(this.seen);
  }

  /** Draws at most once a second, whatever comes. */
  soon() {
    if (!this.map || this.timer || this.seen.map === "off") return;
    const wait = Math.max(0, this.drawnAt + AT_MOST_EVERY_MS - Date.now());
    this.timer = setTimeout(() => {
      this.timer = null;
      this.drawnAt = Date.now();
      this.draw();
    }, wait);
  }

  draw() {
    const at = Date.now();
    this.put("people", [...this.city.people.values()].filter((person) => person.lat !== null).map((person) => this.disc(person, at)));
    this.put("orders", [...this.city.orders.values()].filter((order) => this.isShown(order)).map((order) => this.tag(order)));
    this.drawWay();
    this.drawLevers();
  }

  /** Zones with a lever pulled, and what it says. */
  drawLevers() {
    const pulled = [...this.city.levers.values()].filter((lever) => lever.ring);
    const ids = new Set(pulled.map((lever) => lever.id));
    for (const id of this.areas) if (!ids.has(id) && this.areas.delete(id)) this.map.remove(`lever-${id}`);
    for (const lever of pulled) {
      if (this.areas.has(lever.id)) continue;
      this.areas.add(lever.id);
      const ring = lever.ring.map(([lon, lat]) => [lat, lon]);
      this.map.setArea(`lever-${lever.id}`, ring, { tone: "brass", text: leverWords(lever.kind, lever) });
    }
  }

  /** The whole set when somebody came or went, else what moved or changed. */
  put(layer, points) {
    const ids = points.map((point) => point.id).join();
    if (this.known[layer] !== ids) {
      this.known[layer] = ids;
      this.said[layer] = new Map(points.map((point) => [point.id, JSON.stringify(point)]));
      this.map.setPoints(layer, points);
      return;
    }
    const said = this.said[layer];
    const changed = points.filter((point) => said.get(point.id) !== JSON.stringify(point));
    for (const point of changed) said.set(point.id, JSON.stringify(point));
    if (changed.length) this.map.movePoints(layer, changed);
  }

  isShown(order) {
    return order.group !== "course" || order.id === this.seen.order;
  }

  tag(order) {
    const isCarried = this.city.carrierOf(order) !== null;
    const [lat, lon] = isCarried ? order.door : order.counter;
    return { id: order.id, lat, lon, tone: order.tone || "ash", shape: "tag", text: order.number };
  }

  disc(person) {
    const isSilent = this.city.isSilent(person);
    const tone = isSilent ? "ash" : this.city.isFree(person) ? "basil" : "enamel";
    const text = firstName(person.name).slice(0, 1).toUpperCase();
    return { id: person.id, lat: person.lat, lon: person.lon, tone, shape: "disc", text, faded: isSilent };
  }

  /** The selected order's way and the suggestion to it, or the selected deliverer's stops in their order. */
  drawWay() {
    const order = this.city.orders.get(this.seen.order);
    const person = this.city.people.get(this.seen.courier ?? "");
    this.line("way", order ? [order.counter, order.door] : this.wayOf(person), {});
    const pick = order && pickOf(this.city, order);
    const asked = pick && this.city.people.get(pick[0]);
    const to = asked?.lat != null ? [[asked.lat, asked.lon], order.counter] : null;
    this.line("suggestion", to, { dashed: true });
  }

  /** Along the streets as soon as they are known, which is asked anew when the route changes; straight until then. */
  wayOf(person) {
    const stops = this.stopsOf(person);
    if (!stops) return null;
    const wanted = `${person.id} ${this.city.stampOf("deliverer", person.id)}`;
    if (this.way?.wanted !== wanted) this.askWay(person.id, wanted);
    return this.way.path ?? stops;
  }

  async askWay(id, wanted) {
    this.way = { wanted, path: null };
    try {
      const response = await fetch(address("way", id), { headers: { Accept: "application/json" } });
      const { path } = response.ok ? await response.json() : { path: [] };
      if (this.way.wanted !== wanted || !path.length) return;
      this.way.path = path;
      this.soon();
    } catch (error) {
      console.info("no streets:", error.message); // the straight line stays
    }
  }

  stopsOf(person) {
    const route = person && this.city.routeOf(person.id);
    if (!route || person.lat === null) return null;
    const open = route.stops.filter((stop) => ["pending", "arrived"].includes(stop.status));
    return [[person.lat, person.lon], ...open.map((stop) => [stop.lat, stop.lon])];
  }

  line(id, path, look) {
    const said = JSON.stringify(path);
    if (this.lines[id] === said) return;
    this.lines[id] = said;
    if (path) this.map.setLine(id, path, { tone: "enamel", ...look });
    else this.map.remove(id);
  }
}
