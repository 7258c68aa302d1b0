// Emergency switches of the city: what is pulled, by whom, until when; pulled and ended by hand.

import { act, address } from "./acts.js";
import { mark, stamp, write } from "./rows.js";
import { here, ms, say, sayCode, shown } from "./words.js";

const box = document.getElementById("levers");
const form = document.getElementById("lever-form");
let city = null;

/** A lever as a sentence: "Old town: rush, +10 min". */
export const leverWords = (kind, { zone, amount }) =>
  sayCode("levers", kind, { zone: zone ?? say("levers.everywhere"), n: amount });

export function connectLevers(known) {
  city = known;
  box.addEventListener("click", onEnd);
  form.addEventListener("submit", onPull);
  form.elements.kind.addEventListener("change", () => {
    const amount = form.elements.kind.selectedOptions[0].dataset.amount;
    mark(form.querySelector("[data-p=amount]"), "hidden", amount ? false : "");
    form.elements.amount.value = amount ?? 1;
  });
}

export function drawLevers({ levers }) {
  const pulled = [...levers.values()].sort((a, b) => ms(a.until) - ms(b.until));
  const drawn = pulled.map((lever) => {
    const row = stamp("lever-row");
    row.dataset.id = lever.id;
    write(row.parts.words, leverWords(lever.kind, lever));
    const name = here.names[lever.pulled_by] ?? say("desk.system");
    write(row.parts.by, say("levers.by", { name, time: shown(ms(lever.pulled_at)) }));
    write(row.parts.to, say("levers.to", { time: shown(ms(lever.until)) }));
    return row;
  });
  box.replaceChildren(...drawn);
}

function onEnd(event) {
  const lever = event.target.closest("[data-end]") && city.levers.get(event.target.closest("[data-id]").dataset.id);
  if (lever) act(address("endLever", lever.id), { version: lever.version }, { what: say("levers.ended") });
}

function onPull(event) {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(form));
  form.closest("dialog").close();
  act(address("pull"), fields, { what: say("levers.pulled") });
}
