// The office: numbers that change by themselves, and the age of those that could not be fetched.
// Every page is whole without this file.

const GIVE_UP_MS = 10_000;
const STALE_MS = 15_000;

for (const part of document.querySelectorAll("[data-poll]")) keepFresh(part);
for (const field of document.querySelectorAll("[data-sends]")) {
  field.addEventListener("change", () => field.form.requestSubmit());
}

/** Draws `part` again every few seconds; a line says how old it is when that fails. */
function keepFresh(part) {
  let freshAt = Date.now();
  let isFetching = false;
  const say = (selector, is_shown) => {
    for (const line of document.querySelectorAll(selector)) line.hidden = !is_shown;
  };
  const showAge = () => {
    const age_s = Math.round((Date.now() - freshAt) / 1000);
    const is_stale = age_s * 1000 > STALE_MS;
    for (const text of document.querySelectorAll("[data-age]")) {
      text.textContent = age_s < 120 ? `${age_s} s` : `${Math.floor(age_s / 60)} min`;
    }
    say("[data-stale]", is_stale);
    say("[data-fresh]", !is_stale);
    part.classList.toggle("is-stale", is_stale);
  };
  const fetchNow = async () => {
    if (isFetching || document.hidden) return;
    isFetching = true;
    try {
      const response = await fetch(part.dataset.poll, { signal: AbortSignal.timeout(GIVE_UP_MS), redirect: "manual" });
      if (response.type === "opaqueredirect") return location.reload(); // signed out: the page leads to the door
      if (!response.ok) throw new Error(String(response.status));
      put(part, await response.text());
      freshAt = Date.now();
    } catch (error) {
      console.info("not fetched:", error.message); // the line above the numbers says how old they are
    } finally {
      isFetching = false;
      showAge();
    }
  };
  setInterval(fetchNow, Number(part.dataset.every) * 1000);
  setInterval(showAge, 1000);
  document.addEventListener("visibilitychange", fetchNow);
  showAge();
}

/** Swaps the children that differ; a focused link keeps the focus. */
function put(part, text) {
  const drawn = new DOMParser().parseFromString(text, "text/html").body;
  const fresh = [...drawn.children];
  const shown = [...part.children];
  if (fresh.length !== shown.length) return part.replaceChildren(...fresh);
  shown.forEach((old, at) => {
    const isSame = old.dataset.digest ? old.dataset.digest === fresh[at].dataset.digest : old.outerHTML === fresh[at].outerHTML;
    if (isSame) return;
    const links = [...old.querySelectorAll("a")];
    const focused = links.indexOf(document.activeElement);
    old.replaceWith(fresh[at]);
    if (focused >= 0) fresh[at].querySelectorAll("a")[focused]?.focus();
  });
}
