// Drawers lie over the wall and have a web address of their own; with scripts they open without leaving the page.

import { refresh } from "./screen.js";

let opener = null;

async function open(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const drawn = page.getElementById("drawer");
  if (!answer.ok || !drawn) return location.assign(address);
  history.replaceState(null, "", address);
  document.getElementById("drawer").replaceChildren(...drawn.childNodes);
  const isOpen = document.querySelector(".drawer") !== null;
  document.getElementById("main").inert = isOpen;
  (isOpen ? document.querySelector("[data-find], [data-close]") : opener)?.focus();
  refresh();
}

/** What was typed is looked for at once, in what is here; Enter asks the server. */
function find(field) {
  const words = field.value.toLowerCase().split(/\s+/);
  for (const row of document.querySelectorAll("#dishes [data-words]")) {
    const text = row.dataset.words.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-drawer]");
  if (!link) return;
  event.preventDefault();
  if (!link.closest("#drawer")) opener = link;
  open(link.href).catch(() => location.assign(link.href));
});
document.addEventListener("input", (event) => event.target.matches("[data-find]") && find(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelector("#drawer [data-close]")?.click();
});
if (document.querySelector(".drawer")) document.getElementById("main").inert = true;
