// What the phone last showed, kept on the phone: a page that is loaded without a link goes on from there, and says so.
// The worker of the shell gives /offline/ in place of a page; static/shell.js calls `restore` there.
//
//   keepView()   after each drawing; off shift it holds nothing of anybody
//   restore()    on the page that stands in; true when there was something to show
//   on(store, "readonly" | "readwrite", work)   the phone's own database, for static/phone-keep.js too

const VIEW = "view";
const OLD_MS = 12 * 3600_000;

const base = new Promise((resolve, reject) => {
  const opening = indexedDB.open("passeplat-phone", 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("acts", { keyPath: "seq", autoIncrement: true });
    opening.result.createObjectStore("things");
  };
  opening.onsuccess = () => resolve(opening.result);
  opening.onerror = () => reject(opening.error);
});

export async function on(store, mode, work) {
  const transaction = (await base).transaction(store, mode);
  const request = work(transaction.objectStore(store));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

/** The page as the server drew it: what scripts have made of it is made again. */
export function keepView() {
  const body = document.body.cloneNode(true);
  for (const slide of body.querySelectorAll("[data-slide]")) slide.dataset.slide = "";
  for (const hand of body.querySelectorAll(".hand")) hand.removeAttribute("data-ready");
  for (const card of body.querySelectorAll("[data-drawn]")) card.dataset.status = card.dataset.drawn;
  for (const sketch of body.querySelectorAll(".sketch")) {
    sketch.removeAttribute("data-map");
    sketch.querySelector("[data-map-canvas]")?.replaceChildren();
  }
  for (const busy of body.querySelectorAll("[inert]")) busy.removeAttribute("inert");
  body.querySelectorAll("script, .toasts > *").forEach((node) => node.remove());
  const styles = [...document.querySelectorAll('link[rel="stylesheet"]')].map((link) => link.href);
  const view = { html: body.innerHTML, topics: body.dataset.topics, lang: document.documentElement.lang, styles, at: Date.now() };
  return on("things", "readwrite", (things) => things.put(view, VIEW));
}

export async function restore() {
  const view = await on("things", "readonly", (things) => things.get(VIEW));
  if (!view || Date.now() - view.at > OLD_MS) return false;
  const root = document.documentElement;
  root.lang = view.lang;
  root.dataset.density = "hand";
  root.dataset.room = "kitchen";
  for (const link of document.querySelectorAll('link[rel="stylesheet"]')) link.remove();
  for (const href of view.styles) document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  document.body.dataset.topics = view.topics;
  document.body.innerHTML = view.html;
  const note = document.querySelector("[data-restored]");
  note.hidden = false;
  note.querySelector("time").textContent = new Date(view.at).toLocaleTimeString(view.lang, { timeStyle: "short" });
  await import("./phone.js");
  return true;
}
