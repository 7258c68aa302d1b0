// A street map with what the page puts on it. The library is fetched only when a page opens one.
//
//   import { openMap } from "./map.js";
//   const map = await openMap(element, { lat, lon, zoom });   // element: [data-map] of templates/map.html
//   map.setPoints(layer, [{ id, lat, lon, tone, shape: "disc" | "tag", text, icon, faded }])   all there are
//   map.movePoints(layer, [{ id, lat, lon, ...changed }])      drawn at most once a second
//   map.removePoints(layer, ids)
//   map.setLine(id, [[lat, lon], ...], { tone, dashed }); map.setArea(id, [[lat, lon], ...], { tone, text });
//   map.remove(id); map.fit([[lat, lon], ...], { padding }); map.centre({ lat, lon, zoom }); map.close()
//   map.at(layer, event)   the id that a drop is over;  map.onPick(layer, (id, event) => ...); map.onPress(({ lat, lon }) => ...); map.isWorking
//
// A map that cannot be shown (no WebGL, library not there) says so in words, and its functions do nothing: no page
// depends on it. Layers of points are drawn in the order in which they come first. tone: a name of tokens.css.

import { Points } from "./map-points.js";
import { clusterLayer, coloursOf, drawnLayers, picture, pickable, pointLayers, styleOf } from "./map-style.js";

const LIBRARY = "./vendor/maplibre-gl/6.17.0/maplibre-gl.mjs";
const TILES = "./vendor/pmtiles/4.5.0/pmtiles.js";
const FINGER_PX = 14;
const lonLat = ([lat, lon]) => [lon, lat];

let library = null; // one for all maps of the page

/** Opens the map in `element`; gives back one that does nothing when it cannot. */
export async function openMap(element, { lat, lon, zoom = 13 }) {
  try {
    library ??= load();
    const map = new StreetMap(await library, element, { lat, lon, zoom });
    await map.isReady;
    return map;
  } catch (error) {
    console.info("no map:", error.message); // the page says it in words
    element.dataset.mapState = "failed";
    return new Proxy({ isWorking: false }, { get: (none, name) => none[name] ?? (name === "then" ? undefined : () => {}) });
  }
}

async function load() {
  const [maplibre] = await Promise.all([import(LIBRARY), loadScript(new URL(TILES, import.meta.url))]);
  maplibre.addProtocol("pmtiles", new window.pmtiles.Protocol().tile);
  return maplibre;
}

function loadScript(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${address.pathname} is not there`));
    document.head.append(script);
  });
}

class StreetMap {
  isWorking = true;

  constructor(maplibre, element, { lat, lon, zoom }) {
    this.element = element;
    this.sets = new Map(); // layer -> Points
    this.drawn = { lines: new Map(), areas: new Map() };
    this.picks = new Map(); // layer -> listeners
    this.presses = [];
    this.colours = coloursOf(element);
    const tiles = element.dataset.tiles && new URL(element.dataset.tiles, location.href).href;
    this.map = new maplibre.Map({
      container: element.querySelector("[data-map-canvas]"),
      style: styleOf(this.colours, tiles),
      center: [lon, lat],
      zoom,
      minZoom: 8,
      maxZoom: 18.5,
      attributionControl: false, // always visible, in the template
      dragRotate: false,
      pitchWithRotate: false,
      fadeDuration: 150,
      locale: { "Map.Title": element.dataset.label },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.on("error", (event) => this.onError(event));
    this.map.setMissingStyleImageResolver((name) => this.addPicture(name));
    this.map.on("click", (event) => this.onClick(event));
    this.map.on("mousemove", (event) => this.onHover(event));
    this.isReady = new Promise((resolve) => this.map.once("style.load", () => resolve(this.start())));
  }

  start() {
    for (const id of ["areas", "lines"]) {
      this.map.addSource(id, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    }
    for (const layer of drawnLayers(this.colours)) this.map.addLayer(layer);
    this.element.dataset.mapState = "open";
    for (const [name, step] of [["in", 1], ["out", -1]]) {
      this.element.querySelector(`[data-map-zoom=${name}]`)?.addEventListener("click", () => this.map.zoomTo(this.map.getZoom() + step));
    }
    this.room = new MutationObserver(() => this.repaint());
    for (let each = this.element; each; each = each.parentElement) {
      this.room.observe(each, { attributes: true, attributeFilter: ["data-room"] });
    }
  }

  /** What pages call. */

  setPoints(name, points) {
    this.pointsOf(name).set(points);
  }

  movePoints(name, changes) {
    this.pointsOf(name).move(changes);
  }

  removePoints(name, ids) {
    this.pointsOf(name).remove(ids);
  }

  setLine(id, path, { tone = "enamel", dashed = false } = {}) {
    this.putDrawn("lines", id, { type: "LineString", coordinates: path.map(lonLat) }, { tone, dashed });
  }

  setArea(id, path, { tone = "brass", text = "" } = {}) {
    this.putDrawn("areas", id, { type: "Polygon", coordinates: [[...path, path[0]].map(lonLat)] }, { tone, text });
  }

  remove(id) {
    for (const kind of ["lines", "areas"]) if (this.drawn[kind].delete(id)) this.redraw(kind);
  }

  fit(path, { padding = 48 } = {}) {
    if (!path.length) return;
    const [lats, lons] = [path.map(([lat]) => lat), path.map(([, lon]) => lon)];
    const box = [[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]];
    this.map.fitBounds(box, { padding, maxZoom: 16, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  }

  centre({ lat, lon, zoom = this.map.getZoom() }) {
    this.map.easeTo({ center: [lon, lat], zoom });
  }

  onPick(name, listener) {
    this.pointsOf(name);
    this.picks.set(name, [...(this.picks.get(name) ?? []), listener]);
  }

  /** The id of the point of a layer that a pointer or a drop is over; null when there is none. */
  at(name, { clientX, clientY }) {
    const box = this.map.getCanvas().getBoundingClientRect();
    const found = this.sets.has(name) && this.near({ x: clientX - box.left, y: clientY - box.top }, pickable(name));
    return found ? found.properties.id : null;
  }

  onPress(listener) {
    this.presses.push(listener);
  }

  close() {
    this.room?.disconnect();
    for (const points of this.sets.values()) points.stop();
    this.map.remove();
  }

  /** What it does for them. */

  pointsOf(name) {
    if (!this.sets.has(name)) {
      this.map.addSource(`points-${name}`, Points.options);
      for (const layer of pointLayers(name, this.colours)) this.map.addLayer(layer);
      this.sets.set(name, new Points(this.map.getSource(`points-${name}`)));
    }
    return this.sets.get(name);
  }

  putDrawn(kind, id, geometry, properties) {
    this.drawn[kind].set(id, { type: "Feature", geometry, properties: { id, ...properties } });
    this.redraw(kind);
  }

  redraw(kind) {
    this.map.getSource(kind).setData({ type: "FeatureCollection", features: [...this.drawn[kind].values()] });
  }

  near(point, layers) {
    const box = [[point.x - FINGER_PX, point.y - FINGER_PX], [point.x + FINGER_PX, point.y + FINGER_PX]];
    const found = this.map.queryRenderedFeatures(box, { layers });
    const distance = ({ geometry }) => {
      const at = this.map.project(geometry.coordinates);
      return Math.hypot(at.x - point.x, at.y - point.y);
    };
    return found.sort((a, b) => distance(a) - distance(b))[0];
  }

  onClick(event) {
    const group = this.near(event.point, [...this.sets.keys()].map(clusterLayer));
    if (group) {
      this.map.easeTo({ center: group.geometry.coordinates, zoom: this.map.getZoom() + 2 });
      return;
    }
    for (const [name, listeners] of [...this.picks].reverse()) {
      const found = this.near(event.point, pickable(name));
      if (!found) continue;
      for (const listener of listeners) listener(found.properties.id, event.originalEvent);
      return;
    }
    const { lat, lng: lon } = event.lngLat;
    for (const listener of this.presses) listener({ lat, lon });
  }

  onHover({ point }) {
    const layers = [...this.picks.keys()].flatMap(pickable);
    this.map.getCanvas().style.cursor = layers.length && this.map.queryRenderedFeatures(point, { layers }).length ? "pointer" : "";
  }

  async addPicture(name) {
    const drawn = await picture(name, this.colours);
    if (drawn && !this.map.hasImage(name)) this.map.addImage(name, ...drawn);
  }

  /** Streets that cannot be fetched leave the points where they are: the page says which part is missing. */
  onError({ error, sourceId }) {
    if (sourceId !== "streets") {
      console.error("map:", error);
      return;
    }
    console.info("no streets:", error.message);
    this.element.dataset.mapState = "bare";
    this.map.once("sourcedata", ({ sourceId: id, isSourceLoaded }) => {
      if (id === "streets" && isSourceLoaded) this.element.dataset.mapState = "open";
    });
  }

  repaint() {
    this.colours = coloursOf(this.element);
    const wanted = [...styleOf(this.colours, "any").layers, ...drawnLayers(this.colours)];
    for (const name of this.sets.keys()) wanted.push(...pointLayers(name, this.colours));
    for (const { id, paint } of wanted) {
      if (!this.map.getLayer(id)) continue;
      for (const [property, value] of Object.entries(paint)) this.map.setPaintProperty(id, property, value);
    }
    for (const name of this.map.listImages()) {
      picture(name, this.colours).then((drawn) => drawn && this.map.updateImage(name, drawn[0]));
    }
  }
}
