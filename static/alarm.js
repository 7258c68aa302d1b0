// Sound that people hear across a room, and a screen that does not go dark. Browsers want one tap before both.

const EVERY_MS = 2000;
const LOUDEST = 0.9;
const STEPS = 8; // it grows until it is answered

let audio = null;
let ringing = null;
let loudness = 0;

/** Asks for sound and for a lit screen; true when sound comes out. Call it again from a tap when it was refused. */
export async function unlock() {
  audio ??= new AudioContext();
  // A browser that wants a tap first leaves this promise open for ever.
  await Promise.race([audio.resume(), new Promise((resolve) => setTimeout(resolve, 300))]);
  if (navigator.wakeLock && document.visibilityState === "visible") {
    await navigator.wakeLock.request("screen").catch((error) => console.info("the screen may go dark:", error.message));
  }
  return audio.state === "running";
}

/** Rings again and again, or stops at once. */
export function ring(is_on) {
  if (is_on === (ringing !== null)) return;
  if (is_on) {
    loudness = 0;
    strike();
    ringing = setInterval(strike, EVERY_MS);
  } else {
    clearInterval(ringing);
    ringing = null;
  }
}

function strike() {
  if (audio?.state !== "running") return;
  loudness = Math.min(loudness + 1, STEPS);
  const at = audio.currentTime;
  const gain = audio.createGain();
  gain.gain.setValueAtTime((LOUDEST * loudness) / STEPS, at);
  gain.gain.exponentialRampToValueAtTime(0.001, at + 1.2);
  gain.connect(audio.destination);
  for (const [pitch, delay] of [[1568, 0], [1175, 0.18]]) {
    const tone = audio.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(gain);
    tone.start(at + delay);
    tone.stop(at + 1.3);
  }
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && audio) unlock();
});
