// How the map looks: the streets of the tiles, and what pages put on them, in the colours of the room it hangs in.
// Layers and attributes of the tiles: static/map/README.md. No glyph server and no sprite: letters are drawn by the
// browser itself, tags and icons here.

const TONES = ["enamel", "basil", "sea", "brass", "tomato", "plum", "ash"];
const FONT = ["sans-serif"];
const BOLD = ["Letters Bold"]; // no such face: the weight is read from the name, the face is the browser's own
const CLUSTERS_BELOW = 11;
const SHARP = 2; // drawn pictures have two pixels to one of CSS
const ICON_PX = 18;

/** The colours of the room that `element` stands in. */
export function coloursOf(element) {
  const said = getComputedStyle(element);
  const read = (name) => said.getPropertyValue(`--${name}`).trim();
  const colours = { ink: read("ink"), ink2: read("ink-2"), surface: read("surface"), tones: {}, on: {}, soft: {} };
  for (const part of ["land", "road", "edge", "park", "water"]) colours[part] = read(`map-${part}`);
  for (const tone of TONES) {
    colours.tones[tone] = read(tone);
    colours.on[tone] = read(`on-${tone}`);
    colours.soft[tone] = read(`${tone}-soft`);
  }
  return colours;
}

const byTone = (colours, fallback = colours.ash) =>
  ["match", ["get", "tone"], ...TONES.flatMap((tone) => [tone, colours[tone]]), fallback];
const isFaded = ["boolean", ["get", "faded"], false];
const fading = ["case", isFaded, 0.45, 1];
const byZoom = (...stops) => ["interpolate", ["exponential", 1.5], ["zoom"], ...stops];
const width = (class_, low, high) => (class_ ? byZoom(9, low, 14, high, 18, high * 6) : 1);

const BIG = ["motorway", "trunk", "primary"];
const MIDDLE = ["secondary", "tertiary"];
const SMALL = ["unclassified", "residential", "living_street"];
const roads = (id, classes, paint, extra = {}) => ({
  id,
  type: "line",
  source: "streets",
  "source-layer": "roads",
  filter: ["in", ["get", "class"], ["literal", classes]],
  layout: { "line-cap": "round", "line-join": "round" },
  paint,
  ...extra,
});

/** The whole style; `tiles`: address of a .pmtiles, or empty for bare land. */
export function styleOf(colours, tiles) {
  const names = (id, classes, minzoom, size) => ({
    id,
    type: "symbol",
    source: "streets",
    "source-layer": "roads",
    minzoom,
    filter: ["all", ["in", ["get", "class"], ["literal", classes]], ["has", "name"]],
    layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-font": FONT, "text-size": size,
      "symbol-spacing": 320, "text-max-angle": 30, "text-padding": 8 },
    paint: { "text-color": colours.ink2, "text-halo-color": colours.land, "text-halo-width": 1.5 },
  });
  const streets = [
    { id: "sea", type: "fill", source: "streets", "source-layer": "sea", paint: { "fill-color": colours.water } },
    roads("small-edge", SMALL, { "line-color": colours.edge, "line-width": width(SMALL, 0.6, 2.6) }, { minzoom: 12.5 }),
    roads("middle-edge", MIDDLE, { "line-color": colours.edge, "line-width": width(MIDDLE, 1.2, 5) }),
    roads("big-edge", BIG, { "line-color": colours.edge, "line-width": width(BIG, 2, 7) }),
    roads("small", SMALL, { "line-color": colours.road, "line-width": width(SMALL, 0.3, 1.8) }),
    roads("middle", MIDDLE, { "line-color": colours.road, "line-width": width(MIDDLE, 0.7, 3.6) }),
    roads("big", BIG, { "line-color": colours.road, "line-width": width(BIG, 1.1, 5.2) }),
    names("names-small", SMALL, 14.5, 11),
    names("names-middle", MIDDLE, 13, 12),
    names("names-big", BIG, 12, 12),
  ];
  return {
    version: 8,
    sources: tiles ? { streets: { type: "vector", url: `pmtiles://${tiles}` } } : {},
    layers: [
      { id: "land", type: "background", paint: { "background-color": colours.land } },
      ...(tiles ? streets : []),
    ],
  };
}

/** Areas and lines: two sources for all of them. */
export function drawnLayers(colours) {
  const tone = byTone(colours.tones);
  const line = (id, isDashed, extra) => ({
    id,
    type: "line",
    source: "lines",
    filter: ["==", ["boolean", ["get", "dashed"], false], isDashed],
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": tone, "line-width": byZoom(10, 2, 16, 5), ...extra },
  });
  return [
    { id: "areas", type: "fill", source: "areas", paint: { "fill-color": tone, "fill-opacity": 0.1 } },
    { id: "areas-edge", type: "line", source: "areas", paint: { "line-color": tone, "line-width": 2, "line-dasharray": [3, 2] } },
    { id: "areas-name", type: "symbol", source: "areas", layout: { "text-field": ["get", "text"], "text-font": BOLD, "text-size": 13 },
      paint: { "text-color": tone, "text-halo-color": colours.land, "text-halo-width": 1.5 } },
    line("lines", false),
    line("lines-dashed", true, { "line-dasharray": [0.2, 1.8] }),
  ];
}

/** One set of points: clusters from far away, discs with a letter or an icon, tags with words. */
export function pointLayers(name, colours) {
  const source = `points-${name}`;
  const isCluster = ["has", "point_count"];
  const is = (shape) => ["all", ["!", isCluster], ["==", ["get", "shape"], shape]];
  const fill = byTone(colours.tones);
  const on = byTone(colours.on);
  const text = (more) => ({ "text-font": BOLD, "text-allow-overlap": true, "text-ignore-placement": true, ...more });
  return [
    { id: `${name}-cluster`, type: "circle", source, filter: isCluster,
      paint: { "circle-color": colours.surface, "circle-stroke-color": colours.tones.ash, "circle-stroke-width": 2,
        "circle-radius": ["interpolate", ["linear"], ["get", "point_count"], 2, 13, 200, 26] } },
    { id: `${name}-count`, type: "symbol", source, filter: isCluster,
      layout: text({ "text-field": ["to-string", ["get", "point_count"]], "text-size": 12 }),
      paint: { "text-color": colours.ink } },
    { id: `${name}-disc`, type: "circle", source, filter: is("disc"),
      paint: { "circle-color": fill, "circle-opacity": fading, "circle-stroke-color": colours.surface,
        "circle-stroke-opacity": fading, "circle-stroke-width": 2,
        "circle-radius": byZoom(...[[10, 6], [13, 9], [16, 11]].flatMap(([zoom, px]) => [zoom, ["case", ["has", "icon"], 15, px]])) } },
    { id: `${name}-letter`, type: "symbol", source, filter: ["all", is("disc"), ["!", ["has", "icon"]]], minzoom: 12,
      layout: text({ "text-field": ["get", "text"], "text-size": 11 }),
      paint: { "text-color": on, "text-opacity": fading } },
    { id: `${name}-icon`, type: "symbol", source, filter: ["all", is("disc"), ["has", "icon"]],
      layout: { "icon-image": ["concat", "icon ", ["get", "icon"], " ", ["get", "tone"]], "icon-allow-overlap": true,
        "icon-ignore-placement": true },
      paint: { "icon-opacity": fading } },
    { id: `${name}-tag`, type: "symbol", source, filter: is("tag"),
      layout: text({ "text-field": ["get", "text"], "text-size": 12, "icon-image": ["concat", "tag ", ["get", "tone"]],
        "icon-text-fit": "both", "icon-text-fit-padding": [3, 5, 3, 5], "icon-allow-overlap": true,
        "icon-ignore-placement": true, "symbol-sort-key": ["case", isFaded, 0, 1] }),
      paint: { "text-color": on, "text-opacity": fading, "icon-opacity": fading } },
  ];
}

/** The layers of a set of points that a finger can meet. */
export const pickable = (name) => [`${name}-tag`, `${name}-disc`];
export const clusterLayer = (name) => `${name}-cluster`;
export const clusterOptions = { cluster: true, clusterMaxZoom: CLUSTERS_BELOW - 1, clusterRadius: 36 };

/** The picture of a name that the layers above ask for: "tag basil", "icon bike sea". */
export async function picture(name, colours) {
  const [kind, ...words] = name.split(" ");
  if (kind === "tag") return tagOf(colours.tones[words[0]] ?? colours.tones.ash, colours.surface);
  if (kind === "icon") return iconOf(words[0], colours.on[words[1]] ?? colours.on.ash);
  return null;
}

function board(px) {
  const canvas = Object.assign(document.createElement("canvas"), { width: px * SHARP, height: px * SHARP });
  const pen = canvas.getContext("2d");
  pen.scale(SHARP, SHARP);
  return { pen, image: () => pen.getImageData(0, 0, px * SHARP, px * SHARP) };
}

function tagOf(fill, edge) {
  const { pen, image } = board(20);
  pen.fillStyle = edge;
  pen.beginPath();
  pen.roundRect(0, 0, 20, 20, 5);
  pen.fill();
  pen.fillStyle = fill;
  pen.beginPath();
  pen.roundRect(1.5, 1.5, 17, 17, 4);
  pen.fill();
  const middle = [[8 * SHARP, 12 * SHARP]]; // only the middle grows, corners stay round
  return [image(), { pixelRatio: SHARP, stretchX: middle, stretchY: middle, content: [4, 4, 36, 36] }];
}

let icons = null; // the sheet that pages use too, read once

async function iconOf(id, colour) {
  icons ??= fetch(document.querySelector("[data-map]").dataset.icons).then((answer) => answer.text());
  const sheet = new DOMParser().parseFromString(await icons, "image/svg+xml");
  const drawing = sheet.getElementById(id)?.innerHTML ?? "";
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="${ICON_PX * SHARP}" height="${ICON_PX * SHARP}" ` +
    `fill="none" stroke="${colour}" color="${colour}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${drawing}</svg>`;
  const loaded = new Image(ICON_PX * SHARP, ICON_PX * SHARP);
  loaded.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await loaded.decode();
  const { pen, image } = board(ICON_PX);
  pen.drawImage(loaded, 0, 0, ICON_PX, ICON_PX);
  return [image(), { pixelRatio: SHARP }];
}
