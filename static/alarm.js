// Sound that people hear across a room, and a screen that does not go dark. Browsers want one tap before both.
//
//   unlock()         from a tap: asks for sound and light; a promise of whether sound comes out
//   test()           one stroke
//   ring(true)       one stroke each 0.9 s, louder each time until it is answered; ring(false) or hush() stops at once,
//                    in the middle of a stroke too
//   onState(told)    told({ sound: "on" | "off", isLit }) now and whenever it changes: "off" is what a page must show in
//                    big letters and tell the server
//   onRang(told)     told(strokes) after each stroke that came out: the receipt "I rang"; silence gives none
//   keepAwake()      asks for a lit screen without sound
//
// A tablet that was asleep loses both: they are asked for again when the page is seen. A page cannot read or raise the
// tablet's own volume.

const BEAT_MS = 900; // as the flash: under three per second
const STROKE_S = 0.85;
const QUIETEST = 0.25;
const LOUDEST = 0.95;
const GROWS_OVER = 10; // strokes
const PATIENCE_MS = 300; // a browser that wants a tap first leaves resume() open for ever
const PITCHES = [[1568, 0], [1175, 0.16], [1568, 0.32]];

const stateListeners = new Set();
const rangListeners = new Set();
let audio = null;
let ringing = null;
let strokes = 0;
let sounding = null; // the stroke that can be cut off
let lamp = null;
let isLampWanted = false;
let told = "";

const isOn = () => audio?.state === "running";
const state = () => ({ sound: isOn() ? "on" : "off", isLit: Boolean(lamp && !lamp.released) });

export async function unlock() {
  if (!audio && "AudioContext" in window) {
    audio = new AudioContext();
    audio.addEventListener("statechange", tell);
  }
  await wake();
  await keepAwake();
  return isOn();
}

export async function keepAwake() {
  isLampWanted = true;
  if (!navigator.wakeLock || document.hidden || state().isLit) return;
  try {
    lamp = await navigator.wakeLock.request("screen");
    lamp.addEventListener("release", tell);
  } catch (error) {
    console.info("the screen may go dark:", error.message); // battery saving forbids it; `isLit` says so
  }
  tell();
}

export function ring(isWanted) {
  if (!isWanted) return hush();
  if (ringing) return;
  strokes = 0;
  beat();
  ringing = setInterval(beat, BEAT_MS);
}

export function hush() {
  clearInterval(ringing);
  ringing = null;
  sounding?.gain.cancelScheduledValues(0);
  sounding?.gain.setValueAtTime(0, 0);
  sounding?.disconnect();
  sounding = null;
}

export function test() {
  strike(0.6);
}

export function onState(listener) {
  stateListeners.add(listener);
  listener(state());
  return () => stateListeners.delete(listener);
}

export function onRang(listener) {
  rangListeners.add(listener);
  return () => rangListeners.delete(listener);
}

function beat() {
  const loudness = QUIETEST + (LOUDEST - QUIETEST) * Math.min(strokes / GROWS_OVER, 1);
  if (!strike(loudness)) return;
  strokes += 1;
  for (const listener of rangListeners) listener(strokes);
}

/** True when it sounds. */
function strike(loudness) {
  if (!isOn()) return false;
  const at = audio.currentTime;
  sounding = audio.createGain();
  sounding.gain.setValueAtTime(loudness, at);
  sounding.gain.exponentialRampToValueAtTime(0.001, at + STROKE_S);
  sounding.connect(audio.destination);
  for (const [pitch, delay] of PITCHES) {
    const tone = audio.createOscillator();
    tone.type = "triangle";
    tone.frequency.value = pitch;
    tone.connect(sounding);
    tone.start(at + delay);
    tone.stop(at + STROKE_S);
  }
  return true;
}

async function wake() {
  if (!audio || isOn()) return tell();
  await Promise.race([audio.resume().catch(() => {}), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  tell();
}

function tell() {
  const now = JSON.stringify(state());
  if (now === told) return;
  told = now;
  for (const listener of stateListeners) listener(state());
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  wake();
  if (isLampWanted) keepAwake();
});
