// Every act has a key, and every drag a key that does the same: A chooses who carries the selected order.

import { assign } from "./acts.js";

const TYPED_INTO = "input, textarea, select, [contenteditable]";
const PRESSED = "button, a, summary, input, textarea, select";

/** keys: { "j": work, ... }; `Enter` is left to whatever is focused when that is a button or a field. */
export function listenToKeys(keys) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const isTyping = event.target.closest(TYPED_INTO);
    if (document.querySelector("dialog[open]")) return;
    if (isTyping && event.key !== "Escape") return;
    if (event.key === "Enter" && event.target.closest(PRESSED)) return;
    const work = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!work || work(event) === false) return;
    event.preventDefault();
  });
}

/** Orders onto deliverers and deliverers onto orders, in the lists and on the map. */
export function listenToDrags({ city, orders, people, chart, map }) {
  const lists = { order: orders, person: people };
  let dragged = null; // { kind, id }
  for (const [kind, list] of Object.entries(lists)) {
    list.box.addEventListener("dragstart", (event) => {
      const row = event.target.closest("[data-id]");
      if (!row) return;
      dragged = { kind, id: row.dataset.id };
      list.dragged = row.dataset.id;
      event.dataTransfer.setData("text/plain", row.querySelector("b").textContent);
      event.dataTransfer.effectAllowed = "link";
      document.documentElement.dataset.dragging = kind;
    });
    list.box.addEventListener("dragover", (event) => over(event, event.target.closest("[data-id]")));
    list.box.addEventListener("dragleave", (event) => event.target.closest("[data-id]")?.removeAttribute("data-drop"));
    list.box.addEventListener("drop", (event) => {
      const row = event.target.closest("[data-id]");
      row?.removeAttribute("data-drop");
      if (row && dragged && dragged.kind !== kind) drop(event, { [kind]: row.dataset.id, [dragged.kind]: dragged.id });
    });
    list.box.addEventListener("dragend", () => {
      dragged = null;
      list.dragged = null;
      delete document.documentElement.dataset.dragging;
    });

    function over(event, row) {
      if (!row || !dragged || dragged.kind === kind) return;
      event.preventDefault();
      row.dataset.drop = "";
    }
  }
  map.addEventListener("dragover", (event) => dragged && event.preventDefault());
  map.addEventListener("drop", (event) => {
    const found = dragged && chart.at(event, dragged.kind === "order" ? "people" : "orders");
    if (found) drop(event, dragged.kind === "order" ? { order: dragged.id, person: found } : { order: found, person: dragged.id });
  });

  function drop(event, { order: orderId, person: personId }) {
    event.preventDefault();
    const [order, person] = [city.orders.get(orderId), city.people.get(personId)];
    if (order && person && city.mayBeAssigned(order)) assign(order, person);
  }
}
