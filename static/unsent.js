// Forms that nobody has answered yet, kept on this device until somebody does: a reload, a closed browser or an
// expired session only delays them. Each carries its key, so whatever is sent twice counts once.
//
//   keep({ address, body, place })   before it is sent; `place` is the id of its card
//   forget(body)                     it was answered
//   kept()                           what an earlier page left behind, oldest first, with the token of this page

const NAME = `passeplat.unsent ${location.pathname} ${document.body.dataset.topics}`; // of this screen and its shop
const OLD_MS = 12 * 3600_000;

const keyOf = (body) => body.get("idempotency_key");
const read = () => JSON.parse(localStorage.getItem(NAME) ?? "[]").filter(({ at }) => Date.now() - at < OLD_MS);
const without = (body) => read().filter((each) => keyOf(new URLSearchParams(each.body)) !== keyOf(body));

function write(forms) {
  if (forms.length) localStorage.setItem(NAME, JSON.stringify(forms));
  else localStorage.removeItem(NAME);
}

export function keep({ address, body, place }) {
  if (keyOf(body)) write([...without(body), { address, body: body.toString(), place, at: Date.now() }]);
}

export const forget = (body) => write(without(body));

export function kept() {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  return read().map(({ address, body, place }) => {
    const said = new URLSearchParams(body);
    if (token) said.set("csrfmiddlewaretoken", token);
    return { address, body: said, place };
  });
}
