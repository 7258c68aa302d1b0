// What a dispatcher does: shown at once as wished, sent until answered, taken back when refused, undone with Z.

import { mark, stamp, write } from "./rows.js";
import { here, ms, now, say } from "./words.js";

const AGAIN_MS = 2_000;
const GIVE_UP_MS = 15_000;
const TOAST_MS = 8_000; // 8 s, then it is still in the list of undoable acts
const MOST_UNDO = 20;
const KEPT = `control-room.undo.${here.city}`;

const addresses = JSON.parse(document.getElementById("addresses").textContent);
const token = () => document.querySelector("#csrf [name=csrfmiddlewaretoken]").value;
const undoable = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
let unsent = 0;
let city = null;
let redraw = () => {};

export function connectActs(known, changed) {
  [city, redraw] = [known, changed];
  showUndo();
}

export const address = (name, id = "") => addresses[name].replace("00000000-0000-0000-0000-000000000000", id);

/** Sends a write until it is answered; its key makes sure that it counts once. Gives { ok, body }. */
async function send(url, fields) {
  const key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const body = new URLSearchParams({ ...fields, idempotency_key: key, csrfmiddlewaretoken: token() });
  unsent += 1;
  try {
    for (;;) {
      const answer = await once(url, body);
      if (answer) return answer;
      document.querySelector("[data-unsent]").hidden = false;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  } finally {
    unsent -= 1;
    document.querySelector("[data-unsent]").hidden = unsent === 0;
  }
}

async function once(url, body) {
  try {
    const signal = AbortSignal.timeout(GIVE_UP_MS);
    const response = await fetch(url, { method: "POST", body, signal, headers: { Accept: "application/json" } });
    if (response.redirected) location.reload(); // signed out: the page leads to the door
    return response.status >= 500 ? null : { ok: response.ok, body: await response.json() };
  } catch (error) {
    console.info("not sent yet:", error.message);
    return null;
  }
}

/** One act: `what` names it for undo and toast. Gives the answer's body, or null when it was refused. */
export async function act(url, fields, { what, group = null, undoes = null, refused = () => {} }) {
  const { ok, body } = await send(url, fields);
  if (!ok) {
    refused(body);
    if (body.code === "assigned_meanwhile") return null;
    tell(say("acts.refused", { why: body.title === body.detail ? body.title : `${body.title}. ${body.detail}` }), { tone: "tomato" });
    return null;
  }
  if (undoes) return body;
  if (body.undo) remember({ what, group, ...body.undo });
  tell(what, { undo: Boolean(body.undo) });
  return body;
}

/** Gives an order to a deliverer. `seen`: who the dispatcher believed had it, by default who has it on the screen. */
export async function assign(order, person, { seen = city.carrierOf(order) ?? "nobody", group = null } = {}) {
  if (seen === person.id) return null;
  city.wish(order.id, person.id);
  redraw();
  const what = say("acts.assigned", { number: order.number, name: person.name });
  const url = address("assign", order.id);
  return act(url, { deliverer: person.id, seen }, { what, group, refused: (problem) => rollBack(order, person, problem) });
}

/** Gives several orders to one deliverer, in the order in which they are due. */
export async function assignAll(orders, person) {
  const wanted = orders.filter((order) => city.mayBeAssigned(order) && city.carrierOf(order) !== person.id);
  const group = Date.now();
  let done = 0;
  for (const order of wanted) done += (await assign(order, person, { group })) ? 1 : 0;
  if (done > 1) tell(say("acts.assigned_all", { n: done, name: person.name }), { undo: true });
}

/** Takes several orders back; those that nobody holds are left alone. */
export async function unassignAll(orders) {
  const group = Date.now();
  let done = 0;
  for (const order of orders.filter((each) => city.carrierOf(each) ?? city.offerOf(each))) done += (await unassign(order, { group })) ? 1 : 0;
  if (done > 1) tell(say("acts.unassigned_all", { n: done }), { undo: true });
  else if (!done) tell(say("acts.is_carried"), { tone: "ash" });
}

export async function unassign(order, { group = null } = {}) {
  const held = city.carrierOf(order) ?? city.offerOf(order)?.offered_to;
  if (!held) return tell(say("acts.is_carried"), { tone: "ash" });
  const seen = city.carrierOf(order) ?? "nobody";
  city.wish(order.id, null);
  redraw();
  const what = say("acts.unassigned", { number: order.number, name: city.people.get(held)?.name ?? "" });
  return act(address("unassign", order.id), { seen }, { what, group, refused: (problem) => rollBack(order, null, problem) });
}

function rollBack(order, person, problem) {
  city.unwish(order.id);
  redraw();
  if (problem.code === "assigned_meanwhile") showConflict(order, person, problem.current);
}

/** What was wanted beside what is: nothing was saved, and the dispatcher decides anew. */
function showConflict(order, person, current) {
  const dialog = document.getElementById("conflict");
  const part = (name) => dialog.querySelector(`[data-p=${name}]`);
  const ago = current.at ? Math.max(0, Math.round((now() - ms(current.at)) / 1000)) : 0;
  write(part("wanted"), say("acts.wanted", { number: order.number, name: person?.name ?? say("acts.nobody") }));
  write(part("is"), say("acts.wanted", { number: order.number, name: current.name ?? say("acts.nobody") }));
  write(part("by"), current.by ? say("acts.by_at", { name: current.by, n: ago }) : "");
  const give = part("give");
  mark(give, "hidden", person ? false : "");
  write(give, say("acts.give", { name: person?.name ?? "" }));
  give.onclick = () => {
    dialog.close();
    assign(order, person, { seen: current.deliverer ?? "nobody" });
  };
  dialog.showModal();
}

/** Takes back the last act that can be, with those that went together with it. */
export async function undo() {
  const last = undoable.pop();
  if (!last) return tell(say("acts.nothing"), { tone: "ash" });
  const together = [last];
  while (last.group && undoable.at(-1)?.group === last.group) together.push(undoable.pop());
  keep();
  for (const each of together) {
    const done = await act(each.url, each.fields, { what: each.what, undoes: each });
    if (done) tell(say("acts.undone", { what: each.what }));
  }
}

function remember(entry) {
  undoable.push(entry);
  undoable.splice(0, undoable.length - MOST_UNDO);
  keep();
}

function keep() {
  sessionStorage.setItem(KEPT, JSON.stringify(undoable));
  showUndo();
}

function showUndo() {
  const button = document.getElementById("undo");
  mark(button, "hidden", undoable.length ? false : "");
  write(button.querySelector("[data-p=words]"), undoable.length ? say("acts.undo", { what: undoable.at(-1).what }) : "");
}

/** A line at the foot of the page for 8 s; a refusal is read out at once and stays until it is closed. */
export function tell(text, { tone = "", undo: canUndo = false } = {}) {
  const toast = stamp("toast");
  mark(toast, "data-tone", tone || null);
  mark(toast, "role", tone === "tomato" ? "alert" : "status");
  write(toast.parts.words, text);
  mark(toast.parts.undo, "hidden", canUndo ? false : "");
  const box = document.getElementById("toasts");
  box.replaceChildren(toast);
  toast.parts.undo.onclick = () => {
    toast.remove();
    undo();
  };
  toast.parts.close.onclick = () => toast.remove();
  if (tone !== "tomato") setTimeout(() => toast.remove(), TOAST_MS);
}
