// The price of what is chosen, while it is chosen: the server draws it, this asks for it. A box too many is let go of
// again where the choice is full. Without this the page says the price when it comes back.

const form = document.querySelector("#dish-form");
let asked = 0;

async function reprice() {
  const mine = (asked += 1);
  const said = new URLSearchParams(new FormData(form));
  for (const name of ["csrfmiddlewaretoken", "idempotency_key"]) said.delete(name);
  const response = await fetch(`${form.action}?${said}`);
  if (!response.ok || mine !== asked) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const price = page.querySelector("[data-price]");
  if (price) form.querySelector("[data-price]").textContent = price.textContent;
}

function fill(group) {
  const boxes = [...group.querySelectorAll("[type=checkbox]")];
  const isFull = boxes.filter((box) => box.checked).length >= Number(group.dataset.most);
  for (const box of boxes) box.disabled = isFull && !box.checked;
}

const groups = [...form.querySelectorAll("fieldset.asks")];
form.addEventListener("change", () => {
  groups.forEach(fill);
  reprice().catch((error) => console.info("not repriced:", error.message)); // the basket says it
});
form.addEventListener("submit", () => form.querySelector("button.btn--main").setAttribute("aria-busy", "true"));
window.addEventListener("pageshow", () => form.querySelector("button.btn--main")?.removeAttribute("aria-busy"));
groups.forEach(fill);
