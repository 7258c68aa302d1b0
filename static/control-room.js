// `/control-room/`: rows of the city come in by live.js and change what is seen, nothing else; the page is not fetched
// again. What is seen stands in the address, what is done goes by act(), words come from the page.

import { assign, connectActs, tell, unassign, undo } from "./control-room/acts.js";
import { onSeen, see, seen } from "./control-room/address.js";
import { assignMarked, clearMarks, connectBulk, drawBulk, isMarked, markedOrders, toggleMark, unassignMarked } from "./control-room/bulk.js";
import { Chart } from "./control-room/chart.js";
import { City } from "./control-room/city.js";
import { connectDesk, drawDesk, tickDesk } from "./control-room/desk.js";
import { hintsSoon, startFeeds } from "./control-room/feeds.js";
import { drawHere } from "./control-room/here.js";
import { heights, isOtherHeight, measure } from "./control-room/heights.js";
import { connectLevers } from "./control-room/levers.js";
import { listenToDrags, listenToKeys } from "./control-room/keys.js";
import { RowList } from "./control-room/list.js";
import { openDialog, openNote } from "./control-room/notes.js";
import { closePane, showPane } from "./control-room/pane.js";
import { choose, connectPicker } from "./control-room/picker.js";
import { drawHead, drawOrder, drawPerson, mark, pickOf, stamp, write } from "./control-room/rows.js";
import { collator, number, now, percent, say, shownSeconds } from "./control-room/words.js";
import { follow } from "./live.js";

const byId = (id) => document.getElementById(id);
const city = new City();
let isDue = false; // a redraw is asked for
let isSorted = false;
let isFed = false;

const orders = new RowList(byId("orders"), {
  make: (item) => stamp(item.head ? "order-head" : "order-row"),
  draw: (row, item) => (item.head ? drawHead(row, item) : drawOrder(row, city, item, { isSelected: item.id === seen.order, isMarked: isMarked(item.id) })),
  heightOf: (item) => (item.head ? heights.head : item.id === seen.order && pickOf(city, item) ? (heights.own ?? heights.open) : heights.order),
  onPick: (item, event) => {
    if (event.target.closest("[data-act=take]")) takePick(item);
    else if (event.ctrlKey || event.metaKey) toggleMark(item);
    else selectOrder(item, { step: true });
  },
});
const people = new RowList(byId("people"), {
  make: () => stamp("person-row"),
  draw: (row, person) => drawPerson(row, city, person, { isSelected: person.id === seen.courier }),
  heightOf: () => heights.person,
  onPick: (person) => see({ courier: person.id, order: "", open: "1" }, { step: true }),
});
const chart = new Chart(city, {
  onOrder: (id) => city.orders.has(id) && selectOrder(city.orders.get(id), { step: true, reveal: true }),
  onPerson: (id) => see({ courier: id, order: "", open: "1" }, { step: true }),
});

/** What came with the page: the most urgent orders can be worked on before the line is up. */
function takeFirst() {
  const { rows, places } = JSON.parse(byId("first").textContent);
  city.takePlaces(places);
  city.take(rows);
  city.changed.desk = true;
  draw();
}

/** At most once a frame, and only what has changed. */
function redraw() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    draw();
  });
}

function draw() {
  if (!city.isKnown) return;
  const { changed } = city;
  city.changed = { orders: new Set(), people: new Set(), desk: false };
  const isMoved = city.judge();
  for (const id of city.changed.orders) changed.orders.add(id);
  city.changed.orders.clear();
  if (isMoved || !isSorted || changed.orders.size || changed.people.size) list();
  orders.refresh(changed.orders);
  if (isOtherHeight(orders.rows.get(seen.order))) orders.layOut();
  people.refresh(changed.people);
  for (const item of orders.items) if (item.head) orders.fill(item.id);
  if (changed.desk) drawDesk();
  drawCounts();
  drawBulk();
  drawPane();
  chart.update();
}

function list() {
  isSorted = true;
  orders.show(city.listed(seen));
  people.show(listedPeople());
  const isEmpty = !orders.items.length;
  mark(byId("orders-none"), "hidden", isEmpty ? false : "");
  write(byId("orders-none"), say(city.orders.size ? "rows.none" : "rows.none.quiet"));
  mark(byId("people-none"), "hidden", people.items.length ? "" : false);
  write(byId("people-none"), say(city.people.size ? "people.none.fits" : "people.none"));
  for (const skeleton of document.querySelectorAll("[data-loading]")) skeleton.remove();
  if (!orders.current || !orders.places.has(orders.current)) orders.setCurrent(orders.neighbour(null, 1)?.id ?? null);
  if (!people.current || !people.places.has(people.current)) people.setCurrent(people.items[0]?.id ?? null);
}

/** Free ones first, then who is free soonest; the silent last. */
function listedPeople() {
  const rank = (person) => (city.isSilent(person) ? 2 : city.routeOf(person.id) ? 1 : 0);
  const free = (person) => city.hints.free_at[person.id] ?? 0;
  const wanted = { free: (person) => city.isFree(person), silent: (person) => city.isSilent(person) }[seen.people];
  const found = [...city.people.values()].filter(wanted ?? (() => true));
  const ranked = found.map((person) => [rank(person), free(person), person]);
  return ranked.sort((a, b) => a[0] - b[0] || a[1] - b[1] || collator.compare(a[2].name, b[2].name)).map(([, , person]) => person);
}

function drawCounts() {
  if (!city.isWhole) return; // the page came with what it knew
  const counts = city.counts();
  const { today } = city.hints;
  write(byId("n-open"), String(counts.open));
  write(byId("n-unassigned"), String(counts.unassigned));
  write(byId("n-people"), `${counts.free} / ${counts.on}`);
  write(byId("n-on"), String(counts.on));
  write(byId("n-door"), today ? `${number(today.click_to_door_min)} min` : "–");
  write(byId("n-in-time"), today ? percent(today.in_time) : "–");
}

function feed() {
  isFed = true;
  startFeeds({
    onPlaces: ({ places, here }) => {
      city.takePlaces(places);
      if (city.takeHere(here)) drawHere(here);
      redraw();
    },
    onHints: (hints) => (city.takeHints(hints), redraw()),
  });
}

function selectOrder(order, { step = false, reveal = false, focus = false } = {}) {
  orders.setCurrent(order.id);
  see({ order: order.id, courier: "", ...(seen.open && !step ? { open: "1" } : {}) }, { step });
  if (reveal || focus) orders.reveal(order.id, { focus });
}

function takePick(order) {
  const pick = order && pickOf(city, order);
  if (pick) assign(order, city.people.get(pick[0]));
  return Boolean(pick);
}

const selected = () => city.orders.get(seen.order);

function withSelected(work) {
  const order = selected();
  if (order) work(order);
  else tell(say("acts.pick_order"), { tone: "ash" });
}

/** J and K: along the list that has the focus, orders by default. */
function move(step) {
  if (people.box.contains(document.activeElement)) {
    const person = people.neighbour(people.current, step);
    if (!person) return;
    people.setCurrent(person.id);
    see({ courier: person.id, order: "" });
    people.reveal(person.id, { focus: true });
    return;
  }
  const order = orders.neighbour(seen.order || null, step);
  if (order) selectOrder(order, { focus: true });
}

function toList(list) {
  if (list.current) list.reveal(list.current, { focus: true });
}

function showAddress(changes) {
  document.documentElement.toggleAttribute("data-no-map", seen.map === "off");
  const button = byId("map-switch");
  write(button.querySelector("[data-p=words]"), say(seen.map === "off" ? "map.show" : "map.hide"));
  mark(button, "aria-pressed", String(seen.map === "off"));
  for (const link of document.querySelectorAll("[data-see]")) {
    const [name, value] = link.dataset.see.split("=");
    mark(link, "aria-pressed", String(seen[name] === value));
  }
  if ("find" in changes && byId("find").value !== seen.find) byId("find").value = seen.find;
  for (const id of ["order", "courier"]) if (id in changes) isSorted = false;
  if ("show" in changes || "find" in changes || "people" in changes) isSorted = false;
  orders.refreshAll();
  people.refreshAll();
  drawPane();
  chart.show(seen);
  redraw();
}

function tick() {
  write(byId("clock"), shownSeconds(now()));
  if (!city.isKnown) return;
  orders.refreshAll();
  people.refreshAll();
  tickDesk();
  redraw();
}

function switchRoom() {
  const root = document.documentElement;
  root.dataset.room = root.dataset.room === "dining" ? "kitchen" : "dining";
  localStorage.setItem("control-room.room", root.dataset.room);
  write(byId("room-words"), say(root.dataset.room === "dining" ? "map.dark" : "map.light"));
}

/** The pane of what is selected, fetched again when the city says something new of it. */
function drawPane() {
  const [what, id] = seen.order ? ["order", seen.order] : ["deliverer", seen.courier];
  if (seen.open && id) showPane(what, id, city.stampOf(what, id));
  else closePane();
}

listenToKeys({
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: (event) => (event.target.closest("[role=grid]") ? move(1) : false),
  ArrowUp: (event) => (event.target.closest("[role=grid]") ? move(-1) : false),
  Enter: () => takePick(selected()),
  a: () => assignMarked() || withSelected((order) => choose(order)),
  u: () => unassignMarked() || withSelected((order) => unassign(order)),
  x: () => withSelected((order) => toggleMark(order)),
  z: () => void undo(),
  n: () => openNote(selected()),
  o: () => see({ open: seen.open ? "" : "1" }, { step: true }),
  m: () => see({ map: seen.map === "off" ? "" : "off" }, { step: true }),
  c: () => toList(people),
  l: () => (byId("alarms").querySelector("button:not([hidden])") ?? byId("alarms")).focus(),
  "/": () => byId("find").focus(),
  "?": () => openDialog("help"),
  Escape: (event) => {
    if (event.target === byId("find")) toList(orders);
    else if (markedOrders().length) clearMarks();
    else see({ open: "" }, { step: true });
  },
});
listenToDrags({ city, orders, people, chart, map: byId("mapbox") });
connectActs(city, redraw);
connectPicker(city);
connectBulk(city, redraw);
connectDesk(city);
connectLevers(city);
onSeen(showAddress);

byId("find").addEventListener("input", (event) => see({ find: event.target.value }));
document.addEventListener("click", (event) => {
  const pressed = event.target.closest("button");
  if (!pressed) return;
  if (pressed.dataset.see !== undefined) see({ [pressed.dataset.see.split("=")[0]]: pressed.dataset.see.split("=")[1] }, { step: true });
  const work = { undo, "map-switch": () => see({ map: seen.map === "off" ? "" : "off" }, { step: true }), "room-switch": switchRoom, "note-open": () => openNote(selected()), "help-open": () => openDialog("help"), "lever-open": () => openDialog("lever"), "pane-close": () => see({ open: "" }, { step: true }) }[pressed.id];
  work?.();
  if (pressed.dataset.do === "choose") withSelected((order) => choose(order));
  if (pressed.dataset.do === "unassign") withSelected((order) => unassign(order));
  if (pressed.dataset.do === "details") see({ open: "1" }, { step: true });
  if (pressed.dataset.give && selected()) assign(selected(), city.people.get(pressed.dataset.give));
  if (pressed.hasAttribute("data-close")) pressed.closest("dialog")?.close();
});
addEventListener("resize", () => {
  measure();
  orders.layOut();
  people.layOut();
});

measure();
write(byId("room-words"), say(document.documentElement.dataset.room === "dining" ? "map.dark" : "map.light"));
byId("find").value = seen.find;
showAddress({});
takeFirst();
tick();
setInterval(tick, 1_000);
follow({
  topic: document.body.dataset.topics,
  onRows(rows, { snapshot }) {
    if (snapshot) city.takeWhole(rows);
    else city.take(rows);
    if (!isFed) feed(); // the lists come first
    if (rows.some(({ entity, gone }) => !gone && entity.startsWith("order:") && !city.lines.has(entity.slice(6)))) hintsSoon();
    city.changed.desk ||= snapshot;
    if (snapshot && seen.order) requestAnimationFrame(() => orders.reveal(seen.order));
    redraw();
  },
});
