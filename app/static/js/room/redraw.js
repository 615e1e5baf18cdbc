/**
 * Parts of a page fetched anew and put in their places; what somebody is writing stays as it is.
 *
 *   const redraw = redrawing({ root, drawn });   redraw.plan(["doors", "say"]); redraw.heard(event);
 *
 * A part is an element with data-refresh="<name>", on the page at root.dataset.address too. What
 * happens in a hall happens on a thousand screens at once: each waits a while of its own before it asks.
 * A part that holds typed words, or the focus where nothing can be typed, is left alone until it is let
 * go. `drawn(names, fresh, missed)` hears which parts are new, the fetched root, and the events that
 * came while the page was on its way and are not on it.
 */
const SOONEST = 300;
const SPREAD = 8000;
const AGAIN_AFTER = 5000;

const isWritten = (control) => control.matches("textarea, input:not([type=hidden])") && control.value.trim() !== "";
function isInUse(place) {
  const controls = [...place.querySelectorAll("textarea, input:not([type=hidden]), select")];
  return controls.length ? controls.some(isWritten) : place.contains(document.activeElement);
}

export function redrawing({ root, drawn }) {
  const stale = new Set();
  let waiting = null;
  let came = null; // what is heard while a page is on its way
  const placeOf = (name) => root.querySelector(`[data-refresh="${name}"]`);
  const free = () => [...stale].filter((name) => !isInUse(placeOf(name)));
  const plan = (pause) => { if (!came) waiting ??= setTimeout(renew, pause); };

  async function renew() {
    waiting = null;
    const asked = free();
    if (!asked.length) return;
    for (const name of asked) stale.delete(name);
    came = [];
    const fresh = await fetched(root.dataset.address);
    const missed = fresh ? came.filter((event) => event.seq > Number(fresh.dataset.last)) : [];
    const isStale = stale.size > 0;
    came = null;
    const renewed = fresh ? asked.filter((name) => !isInUse(placeOf(name))) : [];
    for (const name of asked) if (!renewed.includes(name)) stale.add(name);
    for (const name of renewed) placeOf(name).replaceChildren(...fresh.querySelector(`[data-refresh="${name}"]`).childNodes);
    if (fresh) drawn(renewed, fresh, missed);
    if (!fresh) plan(AGAIN_AFTER + Math.random() * SPREAD);
    else if (isStale) plan(SOONEST + Math.random() * SPREAD);
  }

  const letGo = () => { if (free().length) plan(SOONEST); };
  root.addEventListener("focusout", () => setTimeout(letGo));
  root.addEventListener("input", letGo);
  return {
    plan: (names) => {
      for (const name of names) stale.add(name);
      plan(SOONEST + Math.random() * SPREAD);
    },
    heard: (event) => came?.push(event),
    letGo,
  };
}

async function fetched(address) {
  try {
    const answer = await fetch(address, { cache: "no-store" });
    if (!answer.ok) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-address]");
  } catch {
    return null;
  }
}
