// Asks for the page again and takes over its numbers and what is broken; buttons stay as they are under a finger.
const now = document.getElementById("now");

async function look() {
  if (document.hidden || now.contains(document.activeElement)) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("now");
  if (!fresh || now.contains(document.activeElement)) return;
  now.replaceChildren(...fresh.childNodes);
  const buttons = document.querySelectorAll(".demo-cards--break button");
  page.querySelectorAll(".demo-cards--break button").forEach((button, place) => {
    buttons[place].disabled = button.disabled;
  });
}

setInterval(() => look().catch((error) => console.info("no news:", error.message)), Number(now.dataset.every) * 1000);
