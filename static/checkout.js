// Shows the chosen tip in the total and on the button, counts down how long the prices hold, marks the button once it
// is pressed, and keeps what was typed in this tab while its customer looks at the menu again. Every amount and every
// word is a text that the server has drawn.

const form = document.querySelector("[data-once]");
const held = document.querySelector("[data-held]");

function showTip() {
  const tip = form.querySelector("[name=tip]:checked");
  const chosen = tip ?? form.querySelector("button[data-total]"); // nobody is tipped for a collection
  if (!chosen) return;
  form.querySelector("[data-show=total]").textContent = chosen.dataset.total;
  if (tip) form.querySelector("[data-show=tip]").textContent = tip.dataset.tip;
  for (const row of form.querySelectorAll("[data-with-tip]")) row.hidden = !tip || tip.value === "0";
  const tender = form.querySelector("[name=tender]:checked");
  form.querySelector("[data-pay]").textContent = tender?.value === "cash" ? chosen.dataset.cash : chosen.dataset.card;
}

const TYPED = ["name", "phone", "allergies", "note", "tip", "tender", "wanted_at"];
const KEPT = "checkout";

function keep() {
  const said = new FormData(form);
  sessionStorage.setItem(KEPT, JSON.stringify(TYPED.map((name) => [name, said.get(name) ?? ""])));
}

function putBack() {
  if (form.querySelector("[data-error], [role=alert]")) return; // the server has sent back what was typed
  for (const [name, value] of JSON.parse(sessionStorage.getItem(KEPT) ?? "[]")) {
    const field = form.elements[name];
    const isThere = field instanceof HTMLSelectElement ? [...field.options].some((option) => option.value === value) : true;
    if (field && value && isThere) field.value = value;
  }
}

function countDown(endsAt) {
  const left = Math.max(0, Math.round((endsAt - performance.now()) / 1000));
  if (left === 0) {
    held.dataset.tone = "ash";
    held.querySelector("[data-says]").textContent = held.dataset.over;
    return;
  }
  const shown = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  held.querySelector("[data-clock]").textContent = shown;
  setTimeout(() => countDown(endsAt), 1000);
}

form.addEventListener("change", showTip);
form.addEventListener("input", keep);
form.addEventListener("submit", () => form.querySelector("button.btn--main").setAttribute("aria-busy", "true"));
form.querySelector("[aria-invalid=true]")?.focus();
putBack();
window.addEventListener("pageshow", () => form.querySelector("button.btn--main").removeAttribute("aria-busy"));
showTip();
countDown(performance.now() + Number(held.dataset.secondsLeft) * 1000);
