// "Use my position": the device's own point in place of the middle of a zone.

const form = document.querySelector("#address-form");
const place = form.querySelector("[data-position]");
const said = form.querySelector("[data-said]");
const byZone = form.querySelector("[data-by-zone]");

function found({ coords }) {
  form.elements.lat.value = coords.latitude.toFixed(6);
  form.elements.lon.value = coords.longitude.toFixed(6);
  byZone.hidden = true;
  said.textContent = said.dataset.found;
}

function denied() {
  form.elements.lat.value = form.elements.lon.value = "";
  byZone.hidden = false;
  said.textContent = said.dataset.denied;
}

if ("geolocation" in navigator) {
  place.hidden = false;
  byZone.hidden = Boolean(form.elements.lat.value);
  form.querySelector("[data-locate]").addEventListener("click", () => {
    said.textContent = said.dataset.asking;
    navigator.geolocation.getCurrentPosition(found, denied, { enableHighAccuracy: true, timeout: 10000 });
  });
}
