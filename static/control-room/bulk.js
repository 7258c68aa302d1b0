// Several orders at once: X or Ctrl-click marks them, A and U act on all that are marked.

import { unassignAll } from "./acts.js";
import { choose } from "./picker.js";
import { mark, write } from "./rows.js";
import { say } from "./words.js";

const bar = document.getElementById("bulk");
const marked = new Set();
let city = null;
let redraw = () => {};

export function connectBulk(known, changed) {
  [city, redraw] = [known, changed];
  bar.addEventListener("click", (event) => {
    const what = event.target.closest("[data-bulk]")?.dataset.bulk;
    if (what === "assign") assignMarked();
    if (what === "unassign") unassignMarked();
    if (what === "clear") clearMarks();
  });
}

export const isMarked = (id) => marked.has(id);

export function toggleMark(order) {
  if (!marked.delete(order.id)) marked.add(order.id);
  show([order.id]);
}

export function clearMarks() {
  const ids = [...marked];
  marked.clear();
  show(ids);
}

/** The marked orders that are still open, the next due first. */
export function markedOrders() {
  return [...marked].map((id) => city.orders.get(id)).filter(Boolean).sort((a, b) => a.due - b.due);
}

/** A: who carries them; false when none is marked. */
export function assignMarked() {
  const [first, ...others] = markedOrders().filter((order) => city.mayBeAssigned(order));
  if (first) choose(first, others);
  return Boolean(first);
}

/** U: all of them wait again; false when none is marked. */
export function unassignMarked() {
  const orders = markedOrders();
  if (orders.length) unassignAll(orders);
  return orders.length > 0;
}

/** Orders that are over lose their marks; the bar says how many are left. */
export function drawBulk() {
  for (const id of marked) if (!city.orders.has(id)) marked.delete(id);
  mark(bar, "hidden", marked.size ? false : "");
  write(bar.querySelector("[data-p=count]"), marked.size ? say("rows.marked", { n: marked.size }) : "");
}

function show(ids) {
  for (const id of ids) city.changed.orders.add(id);
  drawBulk();
  redraw();
}
