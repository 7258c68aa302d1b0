// Numbers drawn as lines or bars, in the colours of the room that they hang in. The library is fetched only when a page
// draws something; the same numbers stand as a table beside the drawing (templates/plot.html).
//
//   import { drawPlot, drawPlots } from "./plot.js";
//   drawPlots(root)            every [data-plot] below root, from the JSON that templates/plot.html wrote; again after a swap
//   drawPlot(element, { x, series: [{ label, values, tone, kind, dashed }], unit, stacked })
//
// x: numbers, or the words to write below each place. values: one per x, null where nothing is known. tone: a name of
// tokens.css. kind: "line" (else) or "bars". stacked: bars stand on each other, the first at the bottom.
// What cannot be drawn leaves the table open.

const LIBRARY = "./vendor/uplot/1.6.32/uPlot.esm.js";
const LEAST_PX = 220;
const HEIGHT_PX = 220;
const LABEL_PX = 62;
const STEPS = [1, 2, 3, 4, 7, 14, 28];
const BAR_SHARE = 0.7;
const BAR_PX = 48;

let library = null; // one for all plots of the page
const drawn = new Set();

/** Draws what stands below `root` and has not been drawn; forgets what has left the page. */
export function drawPlots(root = document) {
  for (const plot of drawn) if (!plot.element.isConnected) plot.close();
  for (const element of root.querySelectorAll("[data-plot]:not([data-plot-state])")) {
    drawPlot(element, JSON.parse(element.querySelector("script").textContent));
  }
}

/** Draws `wanted` into `element`, and again in each new size and in each new room. */
export async function drawPlot(element, wanted) {
  element.dataset.plotState = "loading";
  try {
    library ??= import(LIBRARY);
    const { default: Chart } = await library;
    const plot = new Plot(Chart, element, wanted);
    drawn.add(plot);
    element.dataset.plotState = "drawn";
    return plot;
  } catch (error) {
    console.info("no plot:", error.message); // the table says it all
    library = null;
    element.dataset.plotState = "failed";
    element.querySelector("details")?.setAttribute("open", "");
    return null;
  }
}

class Plot {
  constructor(Chart, element, wanted) {
    Object.assign(this, { Chart, element, wanted, chart: null });
    this.box = element.querySelector("[data-plot-canvas]");
    this.said = [...element.querySelectorAll("[data-plot-value]")];
    this.where = element.querySelector("[data-plot-where]");
    this.write = new Intl.NumberFormat(document.documentElement.lang || undefined, { maximumFractionDigits: 1 });
    this.onSize = new ResizeObserver(() => this.chart.setSize(this.size()));
    this.onRoom = new MutationObserver(() => this.draw());
    this.draw();
    this.onSize.observe(this.box);
    this.onRoom.observe(document.documentElement, { attributes: true, attributeFilter: ["data-room"] });
  }

  close() {
    this.onSize.disconnect();
    this.onRoom.disconnect();
    this.chart.destroy();
    drawn.delete(this);
  }

  draw() {
    this.chart?.destroy();
    this.chart = new this.Chart(this.options(), this.numbers(), this.box);
  }

  size() {
    return { width: Math.max(LEAST_PX, this.box.clientWidth), height: HEIGHT_PX };
  }

  get hasWords() {
    return typeof this.wanted.x[0] === "string";
  }

  /** Bars that stand on each other are drawn from the highest sum down, so that each hides what is not its own. */
  numbers() {
    const { x, stacked } = this.wanted;
    const places = this.hasWords ? x.map((_, place) => place) : x;
    const sums = x.map(() => 0);
    const bars = this.bars.map(({ values }) => (stacked ? values.map((value, place) => (sums[place] += value ?? 0)) : values));
    return [places, ...bars.reverse(), ...this.lines.map(({ values }) => values)];
  }

  get bars() {
    return this.wanted.series.filter(({ kind }) => kind === "bars");
  }

  /** They are drawn over the bars. */
  get lines() {
    return this.wanted.series.filter(({ kind }) => kind !== "bars");
  }

  options() {
    const style = getComputedStyle(this.element);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const grid = { stroke: colour("line"), width: 1 };
    const axis = { stroke: colour("ink-2"), font: `12px ${style.fontFamily}`, ticks: { show: false } };
    const bars = this.Chart.paths.bars({ size: [BAR_SHARE, BAR_PX] });
    const last = this.wanted.x.length - 1;
    return {
      ...this.size(),
      padding: [12, 12, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
      hooks: { setCursor: [(chart) => this.tell(chart.cursor.idx)] },
      scales: {
        x: { time: false, ...(this.hasWords && { range: () => [-0.6, last + 0.6] }) },
        y: { range: (_, low, high) => [Math.min(0, low ?? 0), Math.max(high ?? 0, 1) * 1.08] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 28,
          space: LABEL_PX,
          ...(this.hasWords && { incrs: STEPS, values: (_, places) => places.map((place) => this.wanted.x[place] ?? "") }),
        },
        { ...axis, grid, size: 64, values: (_, marks) => marks.map((mark) => this.withUnit(mark)) },
      ],
      series: [{}, ...[...this.bars.reverse(), ...this.lines].map((each) => this.look(each, colour, bars))],
    };
  }

  look({ label, tone, kind, dashed }, colour, bars) {
    const tint = colour(tone === "brass" ? "brass-metal" : tone) || colour("ink");
    if (kind === "bars") return { label, stroke: tint, fill: tint, width: 0, paths: bars, points: { show: false } };
    return { label, stroke: tint, width: 2.5, dash: dashed ? [6, 5] : undefined, points: { show: !dashed, size: 6, fill: tint } };
  }

  withUnit(value) {
    return value == null ? "–" : `${this.write.format(value)}${this.wanted.unit ? ` ${this.wanted.unit}` : ""}`;
  }

  /** Writes the values under the pointer into the legend; none when it has left. */
  tell(place) {
    if (this.where) this.where.textContent = place == null ? "" : String(this.wanted.x[place]);
    for (const [number, element] of this.said.entries()) {
      element.textContent = place == null ? "" : this.withUnit(this.wanted.series[number].values[place]);
    }
  }
}
