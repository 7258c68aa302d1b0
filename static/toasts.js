// What was just done, and the way back for some seconds: toasts stand in #toasts of templates/screen.html.
//
//   show(toast)                                 a [data-toast="8"] that the server has drawn (templates/undo.html)
//   hold({ text, seconds, send, takeBack })     waits before `send()`; Undo calls `takeBack()` instead. A page that is
//                                               left sends at once.
//   Z, or document.dispatchEvent(new CustomEvent("passeplat:undo", { cancelable: true })), presses the newest Undo;
//   a page that knows better prevents the default. Time stands still while a toast has the focus or the pointer.

const TICK_MS = 250;
const BUSY = ":hover, :focus-within";

const place = document.getElementById("toasts");
const held = new Set(); // what is not sent yet

/** Lets the toast stand for its seconds, with the bar; `over()` when they are. Gives back what ends it early. */
export function show(toast, over = () => {}) {
  const bar = toast.querySelector("progress");
  let left = Number(toast.dataset.toast) * 1000;
  let seen = performance.now();
  place.append(toast);
  const end = () => {
    clearInterval(timer);
    if (toast.contains(document.activeElement)) document.getElementById("main")?.focus?.({ preventScroll: true });
    toast.remove();
  };
  const timer = setInterval(() => {
    const now = performance.now();
    if (!toast.matches(BUSY)) left -= now - seen;
    seen = now;
    bar.value = left / 1000;
    if (left > 0) return;
    end();
    over();
  }, TICK_MS);
  return end;
}

/** Does not send yet. */
export function hold({ text, seconds, send, takeBack }) {
  const toast = document.getElementById("hold-toast").content.firstElementChild.cloneNode(true);
  toast.dataset.toast = seconds;
  toast.querySelector(".toast__text").textContent = text;
  toast.querySelector("progress").max = seconds;
  const waiting = { send: (isLeaving) => held.delete(waiting) && send(isLeaving) };
  held.add(waiting);
  const end = show(toast, () => waiting.send(false));
  toast.querySelector("[data-undo]").addEventListener("click", () => {
    held.delete(waiting);
    end();
    takeBack();
  });
}

function undoNewest() {
  place.lastElementChild?.querySelector("[data-undo]")?.click();
}

addEventListener("pagehide", () => held.forEach((waiting) => waiting.send(true)));
document.addEventListener("passeplat:undo", (event) => setTimeout(() => event.defaultPrevented || undoNewest()));
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key.toLowerCase() !== "z" || event.altKey || event.ctrlKey || event.metaKey || event.repeat || isTyping) return;
  document.dispatchEvent(new CustomEvent("passeplat:undo", { cancelable: true }));
});
