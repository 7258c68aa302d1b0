// The zones of a city on the map. A zone whose panel is open is drawn in brass, and a press adds a corner to it;
// its corners stay a list of lines that the keyboard edits.

import { openMap } from "./map.js";

const place = document.querySelector("[data-city-map]");
const zones = [...document.querySelectorAll("[data-zone]")];

const corners = (zone) =>
  zone
    .querySelector("textarea")
    .value.split("\n")
    .map((line) => line.split(",").map(Number))
    .filter(([lat, lon]) => Number.isFinite(lat) && Number.isFinite(lon));

if (place) {
  const { lat, lon } = place.dataset;
  const map = await openMap(place.querySelector("[data-map]"), { lat: Number(lat), lon: Number(lon), zoom: 12 });
  const draw = () => {
    zones.forEach((zone, at) => {
      const ring = corners(zone);
      if (ring.length < 3) map.remove(`zone-${at}`);
      else map.setArea(`zone-${at}`, ring, { tone: zone.open ? "brass" : "enamel", text: zone.dataset.zone });
    });
  };
  draw();
  const all = zones.flatMap(corners);
  if (all.length) map.fit(all, { padding: 40 });
  map.onPress(({ lat, lon }) => {
    const open = zones.find((zone) => zone.open);
    if (!open || open.querySelector("fieldset").disabled) return;
    const area = open.querySelector("textarea");
    area.value = `${area.value.trim()}\n${lat.toFixed(5)}, ${lon.toFixed(5)}`.trim();
    draw();
  });
  document.addEventListener("input", ({ target }) => target.matches("[data-zone] textarea") && draw());
  for (const zone of zones) {
    zone.addEventListener("toggle", () => {
      if (zone.open) for (const other of zones) if (other !== zone) other.open = false;
      draw();
    });
  }
}
