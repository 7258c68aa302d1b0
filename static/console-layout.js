// The editor of a ticket's layout: the picture follows what is typed, half a second behind.
const form = document.querySelector("[data-layout]");
const picture = document.querySelector("[data-layout-picture]");
const said = document.querySelector("[data-layout-said]");
let waiting = 0;
let asked = 0;

async function draw() {
  const mine = ++asked;
  const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
  const is_picture = answer.ok && answer.headers.get("Content-Type") === "image/png";
  const body = is_picture ? await answer.blob() : await answer.json();
  if (mine !== asked) return;
  if (!is_picture) {
    said.textContent = body.detail;
    return;
  }
  said.textContent = "";
  URL.revokeObjectURL(picture.src);
  picture.removeAttribute("height");
  picture.src = URL.createObjectURL(body);
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(draw, 500);
}

form.addEventListener("input", soon);
draw();
