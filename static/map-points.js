// One set of points on the map: what the page wants there, and what is drawn. Changes are gathered and drawn at most
// once a second; a few points glide to their new place, many jump, and so do all for people who want less motion.

import { clusterOptions } from "./map-style.js";

const EVERY_MS = 1_000;
const GLIDE_AT_MOST = 40;
const STEPS = 9;
const STEP_MS = 100;

const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export class Points {
  constructor(source) {
    this.source = source; // a GeoJSON source of MapLibre, once added
    this.points = new Map(); // id -> the point as the page wants it
    this.shown = new Map(); // id -> [lon, lat] as drawn
    this.changed = new Set();
    this.drawnAt = -Infinity;
    this.waiting = null;
    this.gliding = null;
  }

  static get options() {
    return { type: "geojson", promoteId: "id", data: { type: "FeatureCollection", features: [] }, ...clusterOptions };
  }

  set(points) {
    this.stop();
    this.points = new Map(points.map((point) => [point.id, { ...point }]));
    this.shown = new Map(points.map((point) => [point.id, [point.lon, point.lat]]));
    this.drawnAt = performance.now();
    this.source.setData({ type: "FeatureCollection", features: [...this.points.values()].map((each) => this.feature(each)) });
  }

  move(changes) {
    for (const change of changes) {
      this.points.set(change.id, { ...this.points.get(change.id), ...change });
      this.changed.add(change.id);
    }
    const left = EVERY_MS - (performance.now() - this.drawnAt);
    if (left <= 0) this.draw();
    else this.waiting ??= setTimeout(() => this.draw(), left);
  }

  remove(ids) {
    for (const id of ids) {
      this.points.delete(id);
      this.shown.delete(id);
      this.changed.delete(id);
    }
    this.source.updateData({ remove: ids });
  }

  draw() {
    this.stop();
    this.drawnAt = performance.now();
    const points = [...this.changed].map((id) => this.points.get(id));
    this.changed.clear();
    const fresh = points.filter((point) => !this.shown.has(point.id));
    const known = points.filter((point) => this.shown.has(point.id));
    const from = new Map(known.map((point) => [point.id, this.shown.get(point.id)]));
    const isGlide = known.length <= GLIDE_AT_MOST && !isCalm() && !document.hidden;
    for (const point of points) this.shown.set(point.id, [point.lon, point.lat]);
    const update = known.map((point) => ({
      id: point.id,
      newGeometry: isGlide ? undefined : this.feature(point).geometry,
      addOrUpdateProperties: Object.entries(this.feature(point).properties).map(([key, value]) => ({ key, value })),
    }));
    if (points.length) this.source.updateData({ add: fresh.map((point) => this.feature(point)), update });
    if (isGlide) this.glide(known.filter((point) => from.get(point.id).join() !== [point.lon, point.lat].join()), from);
  }

  glide(points, from) {
    if (!points.length) return;
    let step = 0;
    const next = () => {
      step += 1;
      const part = step / STEPS;
      const between = (point) => [0, 1].map((axis) => {
        const [start, end] = [from.get(point.id)[axis], axis ? point.lat : point.lon];
        return start + (end - start) * part;
      });
      const there = points.filter((point) => this.points.has(point.id));
      this.source.updateData({
        update: there.map((point) => ({ id: point.id, newGeometry: { type: "Point", coordinates: between(point) } })),
      });
      this.gliding = step < STEPS ? setTimeout(next, STEP_MS) : null;
    };
    next();
  }

  stop() {
    clearTimeout(this.waiting);
    clearTimeout(this.gliding);
    this.waiting = this.gliding = null;
  }

  feature({ lat, lon, ...rest }) {
    const properties = { shape: "disc", tone: "ash", ...rest };
    for (const [name, value] of Object.entries(properties)) if (value === undefined || value === null) delete properties[name];
    return { type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties };
  }
}
