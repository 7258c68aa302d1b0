// What a deliverer did, kept on this phone until the server has answered: in order, once each, with its true time.
//
//   keep({ card, kind, number, address, fields, photo })   stored before it is sent; its key is made here, at the tap
//   acts()      what is not answered yet, and what was refused and not read; oldest first
//   onKept(({ act, problem }) => ...)   after each change; act: the one that was answered, problem: why it was refused
//   forget(act) a refusal was read.   remember(name, value), recall(name)   other things that outlive this page.
//
// An act stays until it is answered: a reload, a closed browser, a dead link or server only delay it. The server
// knows the key, so whatever is sent twice counts once.

import { serverNow } from "./live.js";
import { on } from "./phone-view.js";

const TRY_AGAIN_MS = 3000;
const GIVE_UP_MS = 8000;
const GIVE_UP_PHOTO_MS = 30000;

const who = document.body.dataset.topics; // a phone may change hands
const listeners = new Set();
let known = []; // as stored, oldest first
let isSending = false;
let isSignedOut = false;
let retry = null;

export const remember = (name, value) => on("things", "readwrite", (things) => things.put(value, `${who} ${name}`));
export const recall = (name) => on("things", "readonly", (things) => things.get(`${who} ${name}`));

export const acts = () => known;
export const isAway = () => isSignedOut;

export function onKept(listener) {
  listeners.add(listener);
  listener({});
}

function tell(news = {}) {
  for (const listener of listeners) listener(news);
}

export async function keep(what) {
  const act = { ...what, who, key: newKey(), happened_at: serverNow().toISOString(), state: "new" };
  act.seq = await on("acts", "readwrite", (store) => store.add(act));
  known.push(act);
  tell();
  send();
  return act;
}

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(18))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function forget(act) {
  known = known.filter((each) => each !== act);
  await on("acts", "readwrite", (store) => store.delete(act.seq));
  tell();
}

async function change(act, changes) {
  Object.assign(act, changes);
  await on("acts", "readwrite", (store) => store.put(act));
}

/** Sends what is open, the oldest first; an act that cannot be delivered holds back those after it. */
export async function send() {
  if (isSending) return;
  isSending = true;
  clearTimeout(retry);
  let act;
  while ((act = known.find((each) => each.state !== "refused"))) {
    const problem = await post(act);
    if (problem === undefined) {
      retry = setTimeout(send, TRY_AGAIN_MS);
      break;
    }
    if (problem === null) {
      act.state = "sent";
      await forget(act);
      tell({ act });
    } else {
      await change(act, { state: "refused", problem });
      tell({ act, problem });
    }
  }
  isSending = false;
}

/** null: done. A problem: refused. undefined: nobody answered, try again. */
async function post(act) {
  const body = new FormData();
  for (const [name, value] of [...act.fields, ["happened_at", act.happened_at], ["idempotency_key", act.key]]) {
    body.append(name, value);
  }
  if (act.photo) body.append("photo", act.photo, "photo.jpg");
  body.append("csrfmiddlewaretoken", token());
  try {
    const signal = AbortSignal.timeout(act.photo ? GIVE_UP_PHOTO_MS : GIVE_UP_MS);
    const answer = await fetch(act.address, { method: "POST", body, headers: { Accept: "application/json" }, signal });
    isSignedOut = answer.redirected || answer.status === 401;
    if (isSignedOut || answer.status >= 500 || answer.status === 429) throw new Error(`status ${answer.status}`);
    if (answer.ok) return null;
    const problem = await answer.json();
    if (["in_progress", "csrf_failed"].includes(problem.code)) throw new Error(problem.code);
    return isDone(act, problem) ? null : { code: problem.code, current: problem.current ?? null };
  } catch (error) {
    console.info("kept:", error.message);
    await change(act, { state: "kept" });
    tell();
    return undefined;
  }
}

/** What was asked for is so already. */
function isDone(act, { code, current }) {
  if (code !== "illegal_transition") return false;
  return { arrive: ["arrived", "done"], complete: ["done"], fail: ["failed"] }[act.kind]?.includes(current?.status);
}

function token() {
  const cookie = document.cookie.split("; ").find((each) => each.startsWith("csrftoken="));
  return cookie ? cookie.slice("csrftoken=".length) : document.querySelector("input[name=csrfmiddlewaretoken]").value;
}

on("acts", "readonly", (store) => store.getAll()).then((stored) => {
  known = [...stored.filter((act) => act.who === who), ...known];
  for (const act of known) if (act.state === "new") act.state = "kept"; // this page did not live to see its answer
  tell();
  send();
});
addEventListener("online", send);
