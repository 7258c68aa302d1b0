// The counter's tablet: rings until every new order is answered, here or elsewhere.

import { whenDrawn } from "./screen.js";
import { ring, unlock } from "./alarm.js";

const button = document.querySelector("[data-sound=off]");
const fine = document.querySelector("[data-sound=on]");

function show(is_on) {
  button.hidden = is_on;
  fine.hidden = !is_on;
}

whenDrawn(() => {
  const is_waiting = document.querySelector("[data-ring] > [id^=order-]") !== null;
  document.body.classList.toggle("is-ringing", is_waiting);
  ring(is_waiting);
});
button.addEventListener("click", async () => show(await unlock()));
unlock().then(show);
