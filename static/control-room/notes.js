// Dialogs of the page, and the one that writes into the logbook.

import { act, address } from "./acts.js";
import { say } from "./words.js";

export function openDialog(id) {
  const dialog = document.getElementById(id);
  dialog.showModal();
  dialog.querySelector("[data-first]")?.focus();
}

/** `about`: the order that is selected, if any. */
export function openNote(about) {
  document.getElementById("note-form").elements.about.value = about?.number ?? "";
  openDialog("note");
}

document.getElementById("note-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const fields = { text: form.elements.text.value, about: form.elements.about.value };
  act(address("note"), fields, { what: say("acts.noted") }).then((done) => done && form.reset());
  form.closest("dialog").close();
});
