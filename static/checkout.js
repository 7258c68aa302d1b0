// Shows the chosen tip in the total, counts down how long the prices hold, and marks the button once pressed.
// Every amount is a text that the server has drawn.

const form = document.querySelector("[data-once]");
const held = document.querySelector("[data-held]");

function showTip() {
  const chosen = form.querySelector("[name=tip]:checked");
  if (!chosen) return;
  for (const name of ["tip", "total"]) form.querySelector(`[data-show=${name}]`).textContent = chosen.dataset[name];
  for (const row of form.querySelectorAll("[data-with-tip]")) row.hidden = chosen.value === "0";
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
form.addEventListener("submit", () => form.querySelector("button.btn--main").setAttribute("aria-busy", "true"));
window.addEventListener("pageshow", () => form.querySelector("button.btn--main").removeAttribute("aria-busy"));
showTip();
countDown(performance.now() + Number(held.dataset.secondsLeft) * 1000);
