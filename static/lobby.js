// The counter's tablet: rings until every new order is answered, here or elsewhere.

import { whenDrawn } from "./screen.js";
import { ring, unlock } from "./alarm.js";

const button = document.querySelector("[data-sound=off]");
const fine = document.querySelector("[data-sound=on]");

function show(is_on) {
  button.hidden = is_on;
  fine.hidden = !is_on;
}

whenDrawn(() => ring(document.querySelector("[data-ring] > [id^=order-]") !== null));
button.addEventListener("click", async () => show(await unlock()));
unlock().then(show);
