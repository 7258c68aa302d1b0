// The page's address says what it shows: filters, search, the chosen order, whether the map is away. Back goes back.

const NAMES = ["show", "find", "people", "order", "courier", "open", "map"];
const listeners = [];

function read() {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ""]));
}

export const seen = read();

/** Changes what is seen. `step`: the back button undoes it (moving with the keys is no step). */
export function see(changes, { step = false } = {}) {
  if (Object.entries(changes).every(([name, value]) => seen[name] === value)) return;
  Object.assign(seen, changes);
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const address = `${location.pathname}${query.size ? `?${query}` : ""}`;
  history[step ? "pushState" : "replaceState"](null, "", address);
  listeners.forEach((listener) => listener(changes));
}

export const onSeen = (listener) => listeners.push(listener);

addEventListener("popstate", () => {
  const now = read();
  const changes = Object.fromEntries(NAMES.filter((name) => now[name] !== seen[name]).map((name) => [name, now[name]]));
  Object.assign(seen, changes);
  listeners.forEach((listener) => listener(changes));
});
