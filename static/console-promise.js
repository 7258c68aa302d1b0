// Today's promise: draws what the server wrote, and again when static/console.js has put new numbers in its place.

import { drawPlots } from "./plot.js";

const part = document.querySelector("[data-poll]");
drawPlots();
if (part) new MutationObserver(() => drawPlots()).observe(part, { childList: true });
