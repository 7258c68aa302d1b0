// Keeps the moving part of the tracking page as the server has it: asks every five seconds, and says so when it cannot.

const EVERY_MS = 5000;
const stale = document.querySelector("[data-stale]");

async function refresh() {
  const now = document.querySelector("#now");
  const response = await fetch(`${now.dataset.url}?version=${now.dataset.version}`);
  if (!response.ok) throw new Error(`answered ${response.status}`);
  if (response.status === 204) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  now.replaceWith(page.querySelector("#now"));
}

async function follow() {
  try {
    await refresh();
    stale.hidden = true;
  } catch {
    stale.hidden = false;
  }
  if (!document.querySelector("#now[data-final]")) setTimeout(follow, EVERY_MS);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !document.querySelector("#now[data-final]")) refresh().catch(() => { stale.hidden = false; });
});
setTimeout(follow, EVERY_MS);
