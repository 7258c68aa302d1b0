// Registers the worker that keeps the shell (/sw.js), and offers a new version when there is one: it takes over when
// somebody asks for it, never in the middle of work.

const ASK_EVERY_MS = 30 * 60_000;
const TRY_EVERY_MS = 5_000;
const banner = document.getElementById("new-version");
let isAsked = false;

function offer(worker) {
  banner.hidden = false;
  banner.querySelector("button").addEventListener("click", () => {
    isAsked = true;
    worker.postMessage("take over");
  });
}

function watch(registration) {
  if (registration.waiting && navigator.serviceWorker.controller) offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming.addEventListener("statechange", () => {
      if (coming.state === "installed" && navigator.serviceWorker.controller) offer(coming);
    });
  });
  setInterval(() => registration.update().catch(() => {}), ASK_EVERY_MS); // without a network there is no news
}

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.addEventListener("controllerchange", () => isAsked && location.reload());
  // Some browsers that forbid workers answer with nothing.
  navigator.serviceWorker.register("/sw.js").then((registration) => registration && watch(registration), (error) => console.info("no worker:", error.message));
}

/** The page that stands in for another one: away as soon as the server answers. */
async function tryAgain() {
  const answer = await fetch("/healthz").catch(() => null);
  if (answer?.ok) location.reload();
}

if (document.querySelector("[data-again]")) {
  // The courier's phone goes on from what it last showed.
  if (location.pathname === "/phone/") import("./phone-view.js").then(({ restore }) => restore());
  addEventListener("online", tryAgain);
  setInterval(tryAgain, TRY_EVERY_MS);
}
