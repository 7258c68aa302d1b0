// Things under a thumb: the slide, the pad for the customer's code, the photo.

const FAR_ENOUGH = 0.8;
const LONG_MS = 700;
const STILL_PX = 10;
const LONGEST_SIDE = 1280;
const MOST_BYTES = 200_000;
const QUALITIES = [0.82, 0.7, 0.6, 0.5, 0.4];

// What is typed and taken for a door outlives a card that is drawn again: form id -> { pin, left, shot, bitmap }.
const drafts = new Map();
let typingIn = null; // id of the form whose code is being typed

const draftOf = (form) => drafts.get(form.id) ?? drafts.set(form.id, { pin: "", left: false, shot: null }).get(form.id);

/** The photo that was taken for a form, small enough to leave by a bad link. */
export const shotOf = (form) => draftOf(form).shot;

export const needsPin = (form) => form.dataset.pin === "required" && Boolean(form.elements.pin);

/** Whether a handover has what its city asks for; the server asks again. */
export function isComplete(form) {
  const hasShot = Boolean(shotOf(form));
  if (form.elements.left?.checked) return hasShot;
  if (needsPin(form)) return form.elements.pin.value.length === 4;
  return form.dataset.photo !== "required" || hasShot || form.elements.pin?.value.length === 4;
}

export function prepare(card) {
  card.querySelectorAll("[data-slide]").forEach(prepareSlide);
  card.querySelectorAll("form.hand").forEach(prepareHand);
}

function prepareSlide(slide) {
  if (slide.dataset.slide) return;
  slide.dataset.slide = "ready";
  const knob = slide.querySelector(".slide__knob");
  let from = null;
  let slid = 0;
  let pressing = null;
  const farthest = () => slide.clientWidth - knob.offsetWidth - 10;
  const put = (px) => slide.style.setProperty("--slid", `${(slid = Math.max(0, Math.min(px, farthest())))}px`);
  const release = () => {
    from = null;
    clearTimeout(pressing);
    slide.classList.remove("is-held", "is-pressing");
  };
  const go = () => {
    release();
    put(farthest());
    knob.form.requestSubmit(knob);
    setTimeout(put, LONG_MS, 0);
  };
  knob.addEventListener("pointerdown", (event) => {
    from = event.clientX;
    knob.setPointerCapture(event.pointerId);
    slide.classList.add("is-held", "is-pressing");
    pressing = setTimeout(go, LONG_MS);
  });
  knob.addEventListener("pointermove", (event) => {
    if (from === null) return;
    put(event.clientX - from);
    if (slid > STILL_PX) {
      clearTimeout(pressing);
      slide.classList.remove("is-pressing");
    }
  });
  knob.addEventListener("pointerup", () => {
    if (from === null) return;
    if (slid >= farthest() * FAR_ENOUGH) return go();
    release();
    put(0);
  });
  knob.addEventListener("pointercancel", () => {
    release();
    put(0);
  });
  // A short tap is no decision; keys and assistive technology click without a pointer.
  knob.addEventListener("click", (event) => event.detail !== 0 && event.isTrusted && event.preventDefault());
  knob.addEventListener("contextmenu", (event) => event.preventDefault());
}

function prepareHand(form) {
  if (form.dataset.ready) return;
  form.dataset.ready = "yes";
  const { pin, photo, left } = form.elements;
  const draft = draftOf(form);
  if (pin) preparePad(form, pin, draft);
  if (left) left.checked = draft.left;
  if (draft.shot) thumbnail(form, draft);
  photo?.addEventListener("change", () => take(form, photo));
  left?.addEventListener("change", () => {
    if (left.checked && !draft.shot) photo?.click();
  });
  form.addEventListener("input", () => show(form));
  show(form);
}

function preparePad(form, pin, draft) {
  pin.value = draft.pin;
  pin.addEventListener("focus", () => (typingIn = form.id));
  pin.addEventListener("blur", () => pin.isConnected && (typingIn = null));
  if (typingIn === form.id) pin.focus({ preventScroll: true });
  form.querySelector("[data-pin-boxes]").classList.add("has-pad");
  const pad = form.querySelector("[data-pad]");
  pad.hidden = false;
  pin.inputMode = "none"; // the pad is the keyboard
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("button")?.value;
    if (!key) return;
    const before = pin.value;
    pin.value = key === "clear" ? "" : key === "back" ? before.slice(0, -1) : (before + key).slice(0, 4);
    show(form);
  });
}

function show(form) {
  const { pin, left } = form.elements;
  const draft = draftOf(form);
  draft.left = Boolean(left?.checked);
  if (pin) {
    draft.pin = pin.value = pin.value.replace(/\D/g, "").slice(0, 4);
    form.querySelectorAll("[data-pin-boxes] span").forEach((box, place) => {
      box.textContent = pin.value[place] ?? "";
      box.toggleAttribute("data-next", place === pin.value.length);
    });
  }
  const deliver = form.closest("[data-stop]").querySelector("[data-deliver]");
  if (isComplete(form)) deliver.removeAttribute("aria-disabled");
  else deliver.setAttribute("aria-disabled", "true");
}

/** Shrinks what the camera gave; the original never leaves the phone. */
async function take(form, input) {
  const file = input.files[0];
  if (!file) return;
  const card = form.closest("[data-stop]");
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const draft = draftOf(form);
    draft.shot = await shrink(bitmap);
    draft.bitmap = bitmap;
    // The card may have been drawn again meanwhile.
    thumbnail(document.getElementById(form.id) ?? form, draft);
  } catch (error) {
    console.info("no photo:", error.message);
    card.dispatchEvent(new CustomEvent("unreadable", { bubbles: true }));
  }
  input.value = "";
  show(document.getElementById(form.id) ?? form);
}

function thumbnail(form, { bitmap, shot: jpeg }) {
  const shot = form.querySelector("[data-shot]");
  const picture = shot.querySelector("canvas");
  const side = Math.min(bitmap.width, bitmap.height);
  const [x, y] = [(bitmap.width - side) / 2, (bitmap.height - side) / 2];
  picture.getContext("2d").drawImage(bitmap, x, y, side, side, 0, 0, picture.width, picture.height);
  shot.querySelector("[data-shot-size]").textContent = Math.ceil(jpeg.size / 1000);
  shot.hidden = false;
}

async function shrink(bitmap) {
  for (let side = LONGEST_SIDE; ; side = Math.round(side * 0.75)) {
    const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    for (const quality of QUALITIES) {
      const jpeg = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
      if (jpeg.size <= MOST_BYTES) return jpeg;
    }
  }
}
