// How high the rows are, taken from the page's own rows: so zoom, text size and a coarse pointer count.

import { stamp, write } from "./rows.js";
import { say } from "./words.js";

/** `open`: the selected order as high as a suggestion may make it; `own`: as high as the present one does. */
export const heights = { head: 0, order: 0, open: 0, own: null, person: 0 };

export function measure() {
  const box = document.getElementById("probe");
  const probes = { head: stamp("order-head"), order: stamp("order-row"), open: stamp("order-row"), person: stamp("person-row") };
  probes.open.parts.suggest.hidden = false;
  write(probes.open.parts.why, `${say("rows.why.engine")} ${say("rows.why.nearest", { n: 88 })} ${say("rows.why.keeps", { n: 88 })}`);
  write(probes.open.parts.take, say("rows.assign", { name: "Maximiliano" }));
  box.replaceChildren(...Object.values(probes));
  for (const [name, probe] of Object.entries(probes)) heights[name] = Math.ceil(probe.getBoundingClientRect().height);
  box.replaceChildren();
}

/** Whether the suggestion in the selected row ends elsewhere than was thought: the rows below have to move. */
export function isOtherHeight(row) {
  if (!row || row.parts.suggest.hidden) return false;
  const height = Math.ceil(row.getBoundingClientRect().height);
  if (height === heights.own) return false;
  heights.own = height;
  return true;
}
