// The editor of a menu: what is not saved is marked before anything is sent, and leaving asks first.
// Without this file the server marks the same when the form comes back.

const form = document.querySelector("[data-prices]");
const other = document.querySelector("[data-unsaved-form]");
let is_unsaved = Boolean(form?.querySelector(".cell--changed"));

addEventListener("beforeunload", (event) => is_unsaved && event.preventDefault());
document.addEventListener("submit", () => (is_unsaved = false));
other?.addEventListener("input", () => (is_unsaved = true));

if (form) {
  const currency = form.dataset.currency;
  const lang = document.documentElement.lang;
  const money = new Intl.NumberFormat(lang, { style: "currency", currency });
  const decimals = money.resolvedOptions().maximumFractionDigits;
  const cells = [...form.querySelectorAll(".cell")];

  /** Minor units of what stands in the field, as the server reads it; NaN when it is no amount. */
  const typed = (text) => {
    const digits = text.replace(/[\s'’]/g, "");
    const at = Math.max(digits.lastIndexOf("."), digits.lastIndexOf(","));
    const is_group = at >= 0 && digits.length - at - 1 === 3 && decimals !== 3;
    const whole = (at < 0 || is_group ? digits : digits.slice(0, at)).replace(/[.,](?=\d{3}(\D|$))/g, "");
    const cents = at < 0 || is_group ? "" : digits.slice(at + 1);
    if (!/^\d{1,9}$/.test(whole) || !/^\d*$/.test(cents) || cents.length > decimals) return NaN;
    return Number(whole) * 10 ** decimals + Number(cents.padEnd(decimals, "0") || 0);
  };

  const show = (cell) => {
    const amount = typed(cell.value);
    const is_changed = cell.dataset.amount === "" ? cell.value !== "" : amount !== Number(cell.dataset.amount);
    cell.classList.toggle("cell--changed", is_changed);
    const was = cell.parentElement.querySelector(".was");
    if (was) was.hidden = !is_changed || cell.dataset.amount === "";
    const changed = cells.filter((each) => each.classList.contains("cell--changed")).length;
    is_unsaved = changed > 0;
    form.querySelector(".save").toggleAttribute("data-clean", !is_unsaved);
    for (const line of form.querySelectorAll("[data-unsaved]")) {
      line.hidden = (line.dataset.unsaved === "one") !== (changed === 1);
      line.querySelector("[data-n]").textContent = changed;
    }
  };

  const preview = (row) => {
    const card = form.querySelector("[data-preview]");
    if (!card || !row) return;
    card.querySelector("h3").textContent = row.dataset.name;
    card.querySelector("p").textContent = row.dataset.description;
    card.querySelector("img").src = row.dataset.plate;
    const amount = typed(row.querySelector(".cell").value);
    card.querySelector("[data-price]").textContent = Number.isNaN(amount) ? "" : money.format(amount / 10 ** decimals);
  };

  const select = () => {
    const chosen = form.querySelectorAll("[name=product]:checked");
    for (const box of form.querySelectorAll("[name=product]")) {
      box.closest("tr").toggleAttribute("aria-selected", box.checked);
      if (box.checked) box.closest("tr").setAttribute("aria-selected", "true");
    }
    const line = form.querySelector("[data-selected]");
    line.hidden = chosen.length === 0;
    line.querySelector("[data-n]").textContent = chosen.length;
  };

  form.addEventListener("input", ({ target }) => {
    if (target.matches(".cell")) {
      show(target);
      preview(target.closest("tr"));
    } else if (target.name === "product") {
      select();
    }
  });
  form.addEventListener("focusin", ({ target }) => preview(target.closest("tr[data-name]")));
  form.addEventListener("keydown", (event) => {
    if (!event.target.matches(".cell") || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    const next = cells[cells.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
    next?.focus();
    next?.select();
  });
  select();
}
// One open panel at a time; Escape closes it and gives the focus back.
document.addEventListener("toggle", ({ target }) => {
  if (!target.matches?.("details.pop[open]")) return;
  for (const open of document.querySelectorAll("details.pop[open]")) if (open !== target) open.open = false;
}, true);
addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const open of document.querySelectorAll("details.pop[open]")) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
