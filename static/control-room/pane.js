// The pane of one order or deliverer, drawn by the server: fetched when it is opened.

import { address } from "./acts.js";

const pane = document.getElementById("pane");
let shown = ""; // "<what>:<id>"
let before = null; // what had the focus

export async function showPane(what, id) {
  const wanted = `${what}:${id}`;
  if (shown === wanted) return;
  if (!shown) before = document.activeElement;
  shown = wanted;
  pane.hidden = false;
  pane.setAttribute("aria-busy", "true");
  await fill(what, id, wanted);
}

async function fill(what, id, wanted) {
  try {
    const response = await fetch(address(what, id), { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (shown !== wanted) return;
    const drawn = page.getElementById("in-full");
    pane.querySelector("[data-p=body]").replaceChildren(...(drawn?.childNodes ?? []));
    pane.querySelector("[data-p=failed]").hidden = drawn !== null;
  } catch (error) {
    console.info("no details:", error.message);
    pane.querySelector("[data-p=failed]").hidden = false;
  } finally {
    pane.removeAttribute("aria-busy");
  }
}

export function closePane() {
  if (!shown) return;
  shown = "";
  const hadFocus = pane.contains(document.activeElement);
  pane.hidden = true;
  if (hadFocus) before?.focus();
}
