// Who carries it? A search box over all who are on shift, the first to be there first.

import { address, assign, assignAll } from "./acts.js";
import { mark, reasonOf, setIcon, stamp, stateOf, write } from "./rows.js";
import { collator, say } from "./words.js";

const SHOWN = 12;
const dialog = document.getElementById("picker");
const input = dialog.querySelector("input");
const list = dialog.querySelector("[role=listbox]");
let city = null;
let order = null; // the first one of those that are given
let company = []; // the others
let choices = new Map(); // deliverer -> [deliverer, way, pickup, bags, spare, has said no]
let offered = [];
let active = 0;

export function connectPicker(known) {
  city = known;
  input.addEventListener("input", () => draw());
  input.addEventListener("keydown", onKey);
  list.addEventListener("click", (event) => take(event.target.closest("[role=option]")?.dataset.id));
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
}

/** Opens it for an order, or for several that go together; Enter takes the first deliverer. */
export async function choose(wanted, others = []) {
  [order, company, choices] = [wanted, others, new Map()];
  input.value = "";
  write(dialog.querySelector("[data-p=number]"), [order, ...company].map((each) => each.number).join(", "));
  draw();
  dialog.showModal();
  input.focus();
  try {
    const response = await fetch(address("choices", order.id), { headers: { Accept: "application/json" } });
    const found = response.ok ? (await response.json()).choices : [];
    if (order !== wanted) return;
    choices = new Map(found.map((choice) => [choice[0], choice]));
  } catch (error) {
    console.info("no choices:", error.message); // everybody can still be chosen by name
  }
  draw();
}

function draw() {
  const wanted = input.value.trim().toLocaleLowerCase();
  const places = new Map([...choices.keys()].map((id, index) => [id, index]));
  const rank = (person) => places.get(person.id) ?? choices.size;
  offered = [...city.people.values()]
    .filter((person) => person.name.toLocaleLowerCase().includes(wanted) && person.id !== city.carrierOf(order))
    .sort((a, b) => rank(a) - rank(b) || collator.compare(a.name, b.name))
    .slice(0, SHOWN);
  active = 0;
  list.replaceChildren(...offered.map(option));
  mark(dialog.querySelector("[data-p=none]"), "hidden", offered.length ? "" : false);
  point();
}

function option(person, index) {
  const node = stamp("choice");
  const [tone, icon, words] = stateOf(city, person);
  const choice = choices.get(person.id);
  node.id = `choice-${index}`;
  node.dataset.id = person.id;
  write(node.parts.name, person.name);
  mark(node.parts.state, "data-tone", tone);
  setIcon(node.parts.icon, icon);
  write(node.parts.words, words);
  const reason = choice ? reasonOf([choice[0], choice[1], choice[3], choice[4], false]) : "";
  write(node.parts.why, choice?.[5] ? `${reason} ${say("rows.why.no")}` : reason);
  return node;
}

function point() {
  list.querySelectorAll("[role=option]").forEach((node, index) => mark(node, "aria-selected", String(index === active)));
  mark(input, "aria-activedescendant", offered.length ? `choice-${active}` : null);
  list.children[active]?.scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps && offered.length) {
    event.preventDefault();
    active = (active + steps[event.key] + offered.length) % offered.length;
    point();
  } else if (event.key === "Enter") {
    event.preventDefault();
    take(offered[active]?.id);
  }
}

function take(id) {
  const person = city.people.get(id);
  if (!person) return;
  dialog.close();
  if (company.length) assignAll([order, ...company], person);
  else assign(order, person);
}
