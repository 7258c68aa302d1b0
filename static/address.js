// Suggests addresses while somebody types (a combobox with a list box, WAI-ARIA), and finds the one at the device's
// place. The server writes the options; without this, it asks back on a page of its own.

const form = document.querySelector("#address-form");
const input = form.elements.line;
const list = form.querySelector("#suggestions");
const count = form.querySelector("[data-count]");
const said = form.querySelector("[data-said]");
const WAIT_MS = 180;
const SHORTEST = 3;
let waiting = null;
let asked = 0;
let chosen = -1;
let isPlaceAlone = false; // the device's place stands, whatever street is written

const options = () => [...list.querySelectorAll("[role=option]")];

async function fetchOptions(query) {
  const mine = (asked += 1);
  const response = await fetch(`${form.dataset.suggest}?${new URLSearchParams(query)}`, { signal: AbortSignal.timeout(8000) });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const page = new DOMParser().parseFromString(`<ul>${await response.text()}</ul>`, "text/html");
  return mine === asked ? [...page.querySelectorAll("[role=option]")] : null;
}

async function suggest() {
  const text = input.value.trim();
  if (text.length < SHORTEST) return close();
  const found = await fetchOptions({ q: text });
  if (found === null || document.activeElement !== input) return;
  list.replaceChildren(...found);
  list.hidden = found.length === 0;
  input.setAttribute("aria-expanded", String(!list.hidden));
  count.textContent = found.length ? `${found.length} ${count.dataset.some}` : count.dataset.none;
  mark(-1);
}

function close() {
  asked += 1;
  list.hidden = true;
  input.setAttribute("aria-expanded", "false");
  mark(-1);
}

function mark(position) {
  chosen = position;
  options().forEach((option, index) => option.setAttribute("aria-selected", String(index === position)));
  const option = options()[position];
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

function take(option) {
  isPlaceAlone = false;
  const asksNumber = "asksNumber" in option.dataset;
  input.value = asksNumber ? `${option.dataset.line} ` : option.dataset.line;
  form.elements.lat.value = asksNumber ? "" : option.dataset.lat;
  form.elements.lon.value = asksNumber ? "" : option.dataset.lon;
  if (form.elements.zone) form.elements.zone.value = "";
  close();
  input.focus();
}

function onKey(event) {
  const all = options();
  if (list.hidden || !all.length) return;
  const steps = { ArrowDown: (chosen + 1) % all.length, ArrowUp: (chosen - 1 + all.length) % all.length };
  if (event.key in steps) mark(event.key === "ArrowUp" && chosen < 0 ? all.length - 1 : steps[event.key]);
  else if (event.key === "Enter" && chosen >= 0) take(all[chosen]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
}

async function here({ coords }) {
  const [option] = (await fetchOptions({ lat: coords.latitude.toFixed(6), lon: coords.longitude.toFixed(6) })) ?? [];
  isPlaceAlone = !option;
  if (option) take(option);
  else {
    form.elements.lat.value = coords.latitude.toFixed(6);
    form.elements.lon.value = coords.longitude.toFixed(6);
  }
  said.textContent = option ? said.dataset.found : said.dataset.nothing;
}

for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", "suggestions"], ["aria-expanded", "false"]]) input.setAttribute(name, value);
input.autocomplete = "off";
input.addEventListener("input", () => {
  if (!isPlaceAlone) form.elements.lat.value = form.elements.lon.value = ""; // another street, another door
  clearTimeout(waiting);
  waiting = setTimeout(() => suggest().catch((error) => console.info("no suggestions:", error.message)), WAIT_MS);
});
input.addEventListener("keydown", onKey);
input.addEventListener("blur", () => setTimeout(() => document.activeElement === input || close(), 150));
list.addEventListener("mousedown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) take(option);
});

if ("geolocation" in navigator) {
  form.querySelector("[data-position]").hidden = false;
  form.querySelector("[data-locate]").addEventListener("click", () => {
    said.textContent = said.dataset.asking;
    const denied = () => (said.textContent = said.dataset.denied);
    navigator.geolocation.getCurrentPosition((at) => here(at).catch(denied), denied, { enableHighAccuracy: true, timeout: 10000 });
  });
}
