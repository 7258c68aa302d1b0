// What the page gave its scripts: words in the reader's language, and where and when it is.

import { serverNow } from "../live.js";

const words = JSON.parse(document.getElementById("words").textContent);
export const here = JSON.parse(document.getElementById("here").textContent);
const clock = new Intl.DateTimeFormat("en-GB", { timeZone: here.timezone, hour: "2-digit", minute: "2-digit" });
const seconds = new Intl.DateTimeFormat("en-GB", { timeZone: here.timezone, timeStyle: "medium" });
const numbers = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
const share = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 1 });
export const collator = new Intl.Collator(document.documentElement.lang, { sensitivity: "base" });

/** say("rows.hint.pick", { name, n }): the words with their blanks filled; of "one|many" those that fit `n`. */
export function say(key, values = {}) {
  const part = key.slice(0, key.indexOf("."));
  const found = words[part]?.[key.slice(part.length + 1)];
  if (found === undefined) return key;
  const forms = found.split("|");
  const form = forms.length > 1 && values.n !== 1 ? forms[1] : forms[0];
  return form.replace(/\{(\w+)\}/g, (blank, name) => values[name] ?? "");
}

/** The words of a code that may be new to this page. */
export function sayCode(part, code, values) {
  return words[part]?.[code] === undefined ? code.replaceAll("_", " ") : say(`${part}.${code}`, values);
}

export const now = () => serverNow().getTime();
export const ms = (instant) => (instant ? Date.parse(instant) : null);

/** Minutes of the city until an instant; negative when it is over. */
export const minutesTo = (at, from = now()) => ((at - from) * here.rate) / 60_000;

const shownMs = (at) => here.shows_ms + (at - here.started_ms) * here.rate;

/** What the clocks of the city show at an instant: "19:28". */
export const shown = (at) => clock.format(shownMs(at));
export const shownSeconds = (at) => seconds.format(shownMs(at));

/** Minutes left as the list shows them: rounded down, with a real minus. */
export const wholeMinutes = (minutes) => String(Math.floor(minutes)).replace("-", "−");

/** How long ago, in real time: phones report in real time. */
export function age(at, from = now()) {
  if (at === null) return say("people.never");
  const passed = Math.max(0, Math.round((from - at) / 1000));
  return passed < 120 ? say("people.seconds", { n: passed }) : say("people.minutes", { n: Math.floor(passed / 60) });
}

/** Time of the city since an instant: 1:12, or 1:02:05 when there are hours. */
export function since(at, from = now()) {
  const whole = Math.max(0, Math.floor(((from - at) * here.rate) / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

export const number = (value) => numbers.format(value);
export const percent = (value) => share.format(value);
