// A long list of which only what is seen is in the page. Rows have fixed places, so nothing is measured while
// scrolling; a screen reader gets row numbers and count, and the focused row never leaves the page.

const AROUND = 6; // rows above and below what is seen

export class RowList {
  /**
   * box: the scrolling element, with role="grid". make(item) gives a row; draw(row, item) fills it again.
   * heightOf(item): its height in px. onPick(item, event): a row was chosen.
   */
  constructor(box, { make, draw, heightOf, onPick }) {
    Object.assign(this, { box, make, draw, heightOf, onPick });
    this.paper = box.querySelector("[data-paper]");
    this.items = [];
    this.offsets = [0];
    this.places = new Map(); // id -> index
    this.rows = new Map(); // id -> element
    this.current = null; // id of the row that Tab reaches
    box.addEventListener("scroll", () => this.paint(), { passive: true });
    new ResizeObserver(() => this.layOut()).observe(box);
    box.addEventListener("click", (event) => this.pick(event));
  }

  /** Shows other items, or the same in another order. */
  show(items) {
    this.items = items;
    this.places = new Map(items.map((item, index) => [item.id, index]));
    this.box.setAttribute("aria-rowcount", items.length);
    this.layOut();
  }

  /** Fills the seen rows among `ids` again. */
  refresh(ids) {
    for (const id of ids.size < this.rows.size ? ids : this.rows.keys()) {
      if (ids.has(id)) this.fill(id);
    }
  }

  refreshAll() {
    for (const id of this.rows.keys()) this.fill(id);
  }

  fill(id) {
    const row = this.rows.get(id);
    const index = this.places.get(id);
    if (row && index !== undefined) this.draw(row, this.items[index]);
  }

  /** Places all rows anew: after other items, another height, another window. */
  layOut() {
    const offsets = [0];
    for (const item of this.items) offsets.push(offsets.at(-1) + this.heightOf(item));
    this.offsets = offsets;
    const height = `${offsets.at(-1)}px`;
    if (this.paper.style.height !== height) this.paper.style.height = height;
    this.paint();
  }

  paint() {
    const top = this.box.scrollTop;
    const first = Math.max(0, this.indexAt(top) - AROUND);
    const last = Math.min(this.items.length - 1, this.indexAt(top + this.box.clientHeight) + AROUND);
    const wanted = new Set();
    for (let index = first; index <= last; index += 1) wanted.add(index);
    for (const kept of this.keptIds()) if (this.places.has(kept)) wanted.add(this.places.get(kept));
    const ids = new Set([...wanted].map((index) => this.items[index].id));
    for (const [id, row] of this.rows) {
      if (ids.has(id)) continue;
      row.remove();
      this.rows.delete(id);
    }
    let next = this.paper.firstElementChild;
    for (const index of [...wanted].sort((a, b) => a - b)) next = this.put(index, next);
  }

  keptIds() {
    const focused = document.activeElement?.closest?.("[data-id]");
    return [this.current, this.dragged, this.paper.contains(focused) ? focused.dataset.id : null].filter(Boolean);
  }

  put(index, next) {
    const item = this.items[index];
    let row = this.rows.get(item.id);
    if (!row) {
      row = this.make(item);
      row.dataset.id = item.id;
      row.tabIndex = item.id === this.current ? 0 : -1;
      this.rows.set(item.id, row);
      this.draw(row, item);
    }
    const place = `translateY(${this.offsets[index]}px)`;
    if (row.style.transform !== place) row.style.transform = place;
    if (row.ariaRowIndex !== String(index + 1)) row.ariaRowIndex = String(index + 1);
    if (row === next) return next.nextElementSibling;
    this.paper.insertBefore(row, next);
    return next;
  }

  indexAt(y) {
    let [low, high] = [0, this.items.length];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.offsets[middle] <= y) low = middle;
      else high = middle - 1;
    }
    return Math.min(low, this.items.length - 1);
  }

  /** Makes a row the one that Tab reaches. */
  setCurrent(id) {
    const before = this.rows.get(this.current);
    if (before) before.tabIndex = -1;
    this.current = id;
    const row = this.rows.get(id);
    if (row) row.tabIndex = 0;
  }

  /** Scrolls a row into view; with `focus` the keys go on from there. */
  reveal(id, { focus = false } = {}) {
    const index = this.places.get(id);
    if (index === undefined) return;
    const [top, bottom] = [this.offsets[index], this.offsets[index + 1]];
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (bottom > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = bottom - this.box.clientHeight;
    this.paint();
    if (focus) this.rows.get(id)?.focus({ preventScroll: true });
  }

  /** The item `step` away from `id`, passing over heads; from nowhere the first or last one. */
  neighbour(id, step) {
    const from = this.places.get(id) ?? (step > 0 ? -1 : this.items.length);
    for (let index = from + step; index >= 0 && index < this.items.length; index += step) {
      if (!this.items[index].head) return this.items[index];
    }
    return null;
  }

  pick(event) {
    const row = event.target.closest("[data-id]");
    const item = row && this.items[this.places.get(row.dataset.id)];
    if (item && !item.head) this.onPick(item, event);
  }
}
