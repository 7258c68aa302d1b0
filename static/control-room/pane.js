// The pane of one order or deliverer, drawn by the server: fetched when it is opened.

import { address } from "./acts.js";

const pane = document.getElementById("pane");
let shown = ""; // "<what>:<id>"
let before = null; // what had the focus
let stamp = ""; // what the city said of it when it was fetched
let again = null;

const SOON_MS = 400; // facts come in company: they are fetched once

/** `said`: what the city says of it now; another one fetches the pane again. */
export async function showPane(what, id, said) {
  const wanted = `${what}:${id}`;
  if (shown === wanted) return freshen(what, id, said);
  stamp = said;
  if (!shown) before = document.activeElement;
  shown = wanted;
  pane.hidden = false;
  pane.setAttribute("aria-busy", "true");
  await fill(what, id, wanted);
}

function freshen(what, id, said) {
  if (stamp === said) return;
  stamp = said;
  clearTimeout(again);
  again = setTimeout(() => shown === `${what}:${id}` && fill(what, id, shown), SOON_MS);
}

async function fill(what, id, wanted) {
  try {
    const response = await fetch(address(what, id), { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (shown !== wanted) return;
    const drawn = page.getElementById("in-full");
    const at = pane.contains(document.activeElement) ? pressable().indexOf(document.activeElement) : -1;
    pane.querySelector("[data-p=body]").replaceChildren(...(drawn?.childNodes ?? []));
    if (at >= 0) (pressable()[at] ?? pressable()[0]).focus(); // what was drawn again keeps the focus
    pane.querySelector("[data-p=failed]").hidden = drawn !== null;
  } catch (error) {
    console.info("no details:", error.message);
    pane.querySelector("[data-p=failed]").hidden = false;
  } finally {
    pane.removeAttribute("aria-busy");
  }
}

const pressable = () => [...pane.querySelectorAll("button, a")];

export function closePane() {
  if (!shown) return;
  shown = "";
  const hadFocus = pane.contains(document.activeElement);
  pane.hidden = true;
  if (hadFocus) before?.focus();
}
