// What changes on the server appears on this page, and the page says when it cannot know.
//
//   import { follow, serverNow, onLink } from "/static/live.js";
//   const topic = follow({ topic: "order.<id>", onRows(rows, { snapshot }) {...}, onState({ link, age_s, code }) {...} });
//   topic.rows      Map entity -> its present row; topic.stop() ends it.
//   onLink(state => ...)   the same states for the page as a whole.
//   serverNow()     Date on the server's clock; countdowns use this one, never the device's.
//
// onRows gets the rows that changed: full rows {entity, version, ...}, or {entity, version, gone: true}. With
// snapshot: true they are all there is, after {gone: true} for what was here and is no more.
// A page patches its DOM from them, or fetches the fragment of an entity again.
//
// link: connecting | live | polling (no socket; asked over HTTP each 10 s) | stale (nothing heard for 10 s; for 3 s
//     when the device itself says that it has no network: isOffline) | signed_out (reload to sign in) | refused.
// <html data-link>, and data-offline, carry it for CSS; an element [data-live-banner=stale] is shown while that holds
// (also offline, polling, signed_out, refused; without a word: while it is not "live"), and [data-live-age] inside it
// gets the age of the data ("14 s", "3 min"). Their words stand in the template: templates/states/link.html.

const PING_EVERY_MS = 5_000;
const SILENCE_MS = 10_000;
const DOUBT_MS = 3_000; // after the device has said that its network is gone
const POLL_EVERY_MS = 10_000;
const TOMBSTONE_MS = 60_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
const SIGNED_OUT = 4401;

const topics = new Map(); // name -> Topic
const linkListeners = new Set();
const clockOffsets = []; // server minus device, the last five
let socket = null;
let link = "connecting";
let heardAt = Date.now(); // when the server last said anything
let freshAt = Date.now(); // when this page last knew that it shows the truth
let doubtedAt = 0; // when the device said that its network is gone
let polledAt = 0;
let pingedAt = 0;
let pings = 0;
let failures = 0;
let retry = null;
let ticking = null;

export function follow({ topic: name, onRows, onState }) {
  const follower = { onRows, onState };
  let topic = topics.get(name);
  if (topic) {
    if (topic.seq !== null) onRows([...topic.rows.values()], { snapshot: true });
  } else {
    topic = new Topic(name);
    topics.set(name, topic);
    topic.join();
  }
  topic.followers.add(follower);
  start();
  onState?.(state());
  return {
    rows: topic.rows,
    stop() {
      topic.followers.delete(follower);
      if (topic.followers.size || topics.get(name) !== topic) return;
      topics.delete(name);
      if (isOpen()) say({ leave: [name] });
    },
  };
}

export function onLink(listener) {
  linkListeners.add(listener);
  listener(state());
  return () => linkListeners.delete(listener);
}

export function serverNow() {
  const sorted = [...clockOffsets].sort((a, b) => a - b);
  return new Date(Date.now() + (sorted[sorted.length >> 1] ?? 0));
}

class Topic {
  constructor(name) {
    this.name = name;
    this.epoch = null;
    this.seq = null;
    this.isJoined = false; // the server has answered the join on this socket
    this.isRefused = false;
    this.rows = new Map();
    this.gone = new Map(); // entity -> {version, until}
    this.followers = new Set();
  }

  position() {
    return this.seq === null ? { topic: this.name } : { topic: this.name, epoch: this.epoch, since: this.seq };
  }

  join() {
    if (!isOpen()) return;
    this.isJoined = this.isRefused = false;
    say({ join: [this.position()] });
  }

  take(frame) {
    if (!frame.snapshot && (frame.epoch !== this.epoch || frame.from > this.seq)) return this.join();
    this.isJoined = true;
    const changed = frame.snapshot ? this.leaveOut(new Set(frame.rows.map((row) => row.entity))) : [];
    for (const row of frame.rows) if (this.put(row)) changed.push(row);
    this.epoch = frame.epoch;
    this.seq = frame.to;
    const rows = frame.snapshot ? [...changed.filter((row) => row.gone), ...this.rows.values()] : changed;
    for (const follower of this.followers) follower.onRows(rows, { snapshot: frame.snapshot });
  }

  put(row) {
    const known = this.rows.get(row.entity) ?? this.gone.get(row.entity);
    if (known && row.version < known.version) return false; // late news of something newer, or of the dead
    this.rows.delete(row.entity);
    this.gone.delete(row.entity);
    if (row.gone) this.gone.set(row.entity, { version: row.version, until: Date.now() + TOMBSTONE_MS });
    else this.rows.set(row.entity, row);
    return true;
  }

  leaveOut(present) {
    const left = [...this.rows.values()].filter((row) => !present.has(row.entity));
    const rows = left.map(({ entity, version }) => ({ entity, version, gone: true }));
    rows.forEach((row) => this.put(row));
    return rows;
  }

  forgetTheDead(now) {
    for (const [entity, { until }] of this.gone) if (until < now) this.gone.delete(entity);
  }
}

function start() {
  if (ticking) return;
  ticking = setInterval(tick, 1_000);
  addEventListener("online", reconnectNow);
  addEventListener("offline", doubt);
  connect();
}

function connect() {
  retry = null;
  const opened = new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws/`);
  socket = opened;
  heardAt = Date.now();
  opened.onopen = () => {
    if (socket !== opened) return;
    for (const topic of topics.values()) topic.join();
    ping();
  };
  opened.onmessage = ({ data }) => socket === opened && hear(JSON.parse(data));
  opened.onclose = ({ code }) => {
    if (socket !== opened) return;
    socket = null;
    for (const topic of topics.values()) topic.isJoined = false;
    if (code === SIGNED_OUT) return show("signed_out");
    reconnectSoon();
  };
}

function reconnectSoon() {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** failures++, LONGEST_PAUSE_MS);
  retry ??= setTimeout(connect, pause * (0.5 + Math.random()));
}

function reconnectNow() {
  if (link === "signed_out") return;
  clearTimeout(retry);
  dropSocket();
  connect();
}

/** A device may be wrong: a server on the same machine needs no network. So it is asked. */
function doubt() {
  doubtedAt = Date.now();
  if (isOpen()) ping();
}

function dropSocket() {
  const old = socket;
  socket = null; // its late events no longer count: a dead line may take minutes to close
  for (const topic of topics.values()) topic.isJoined = false;
  old?.close();
}

function isOpen() {
  return socket?.readyState === WebSocket.OPEN;
}

function say(message) {
  socket.send(JSON.stringify(message));
}

function ping() {
  pingedAt = Date.now();
  const joined = [...topics.values()].filter((topic) => topic.isJoined);
  say({ ping: ++pings, at: joined.map(({ name, epoch, seq }) => ({ topic: name, epoch, seq })) });
}

function hear(message) {
  heardAt = Date.now();
  const time = message.server_time ?? message.hello?.server_time;
  if (time) clockOffsets.splice(0, clockOffsets.length - 4, ...clockOffsets.slice(-4), Date.parse(time) - heardAt);
  if ("rows" in message) {
    topics.get(message.topic)?.take(message);
    failures = 0;
  } else if ("resync" in message) {
    const topic = topics.get(message.resync);
    if (topic) later(topic, 500 * Math.random());
  } else if ("refused" in message) {
    refuse(message);
  }
  // A server that has not seen its database for so long knows no better than this page.
  if (topics.size && [...topics.values()].every((topic) => topic.isRefused)) return show("refused");
  const isBlind = "pong" in message && !(message.checked_s < SILENCE_MS / 1_000);
  if (isBlind || ![...topics.values()].every((topic) => topic.isJoined || topic.isRefused)) return;
  freshAt = heardAt;
  show("live");
}

function refuse({ refused, code }) {
  const topic = topics.get(refused);
  if (!topic) return;
  if (code === "unavailable") return later(topic, 2_000 + 1_000 * Math.random());
  topic.isRefused = true;
  for (const { onState } of topic.followers) onState?.({ ...state(), link: "refused", code });
}

function later(topic, ms) {
  topic.isJoined = false;
  setTimeout(() => topics.get(topic.name) === topic && !topic.isJoined && topic.join(), ms);
}

function tick() {
  const now = Date.now();
  for (const topic of topics.values()) topic.forgetTheDead(now);
  if (link === "signed_out") return;
  if (socket && now - Math.max(heardAt, doubtedAt) > (doubtedAt > heardAt ? DOUBT_MS : SILENCE_MS)) {
    dropSocket(); // open in name only, or opening for ever
    heardAt = now;
    reconnectSoon();
    if (link === "live") show("stale");
  } else if (isOpen() && now - pingedAt > PING_EVERY_MS) {
    ping();
  }
  if (now - freshAt > SILENCE_MS && !isOpen() && now - polledAt > POLL_EVERY_MS) poll();
  if (now - freshAt > SILENCE_MS + (link === "polling" ? POLL_EVERY_MS : 0)) show("stale");
  else if (link !== "live") show(link);
}

async function poll() {
  polledAt = Date.now();
  for (const topic of topics.values()) {
    const query = new URLSearchParams(topic.position());
    try {
      const answer = await fetch(`/api/live?${query}`, { headers: { Accept: "application/json" } });
      if (answer.status === 401) return show("signed_out");
      const frame = answer.ok ? await answer.json() : null;
      if (!frame || isOpen()) return; // refused, or the socket is back and knows more
      topic.take(frame);
    } catch {
      return; // the network is away: "stale" already says so
    }
  }
  freshAt = Date.now();
  show("polling");
}

function state() {
  return { link, age_s: Math.round((Date.now() - freshAt) / 1_000), isOffline: link === "stale" && !navigator.onLine };
}

function show(next) {
  const isNews = next !== link;
  link = next;
  document.documentElement.dataset.link = link;
  const { age_s, isOffline } = state();
  document.documentElement.toggleAttribute("data-offline", isOffline);
  const age = age_s < 120 ? `${age_s} s` : `${Math.floor(age_s / 60)} min`;
  for (const banner of document.querySelectorAll("[data-live-banner]")) {
    const said = banner.dataset.liveBanner;
    banner.hidden = said ? said !== (isOffline ? "offline" : link) : link === "live" || link === "connecting";
    for (const text of banner.querySelectorAll("[data-live-age]")) text.textContent = age;
  }
  if (!isNews && link === "live") return;
  for (const listener of linkListeners) listener(state());
  for (const topic of topics.values()) {
    if (!topic.isRefused) for (const { onState } of topic.followers) onState?.(state());
  }
}
