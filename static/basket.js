// The basket's forms without a page load. A form says an absolute quantity, so sending it again changes nothing:
// whatever goes wrong here, the browser sends it the plain way.

function restoreFocus(id) {
  const focused = id && document.getElementById(id);
  if (focused) focused.focus({ preventScroll: true });
}

async function change(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  const response = await fetch(form.action, { method: "POST", body });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const screen = page.querySelector("#screen");
  if (!screen) throw new Error(`no screen in the answer (${response.status})`);
  document.querySelector("#screen").replaceWith(screen);
  document.querySelector("#basket-button").replaceWith(page.querySelector("#basket-button"));
  restoreFocus(button && button.id);
}

function sendPlainly(form, button) {
  if (button) {
    const said = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value });
    form.append(said);
  }
  form.submit();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-basket]")) return;
  event.preventDefault();
  const button = event.submitter;
  if (button) button.setAttribute("aria-busy", "true");
  change(form, button).catch(() => sendPlainly(form, button));
});
