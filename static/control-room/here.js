// Who else is at this desk: a disc for each, with the name in words.

import { say } from "./words.js";

const box = document.getElementById("also-here");
const MOST = 4;

export function drawHere(here) {
  box.hidden = here.length === 0;
  const discs = here.slice(0, MOST).map(([, name]) => {
    const disc = document.createElement("span");
    disc.className = "disc";
    disc.dataset.tone = "plum";
    disc.title = say("desk.here", { name });
    disc.setAttribute("role", "img");
    disc.setAttribute("aria-label", disc.title);
    disc.textContent = name.slice(0, 2).toUpperCase();
    return disc;
  });
  box.replaceChildren(...discs, here.length > MOST ? `+${here.length - MOST}` : "");
}
