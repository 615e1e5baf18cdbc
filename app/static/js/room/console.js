/**
 * The chair's console stays fresh: what changed is fetched as the server draws it, forms and all.
 * A part in which something is being written or read open is left alone until it is done.
 */
import confirm from "../behaviours/confirm.js";
import { follow } from "./link.js";
import { linkState, setTimer, tick } from "./screen.js";

const root = document.querySelector("[data-console]");
const tickNow = tick(root);
const partsOf = {
  opened: ["order"], closed: ["order", "floor", "questions"], stage: ["order"], check_in: ["order"], turnout: ["order"], ballot: ["order"],
  floor: ["floor", "hidden"], message: ["talk"], message_hidden: ["talk", "hidden"], message_shown: ["talk", "hidden"], announce: ["talk"],
  question: ["questions"], question_upvotes: ["questions"], question_answered: ["questions"], question_hidden: ["questions", "hidden"], question_shown: ["questions", "hidden"],
};
const REDRAW_AFTER = 400;
const stale = new Set();
let waiting = null;

const isInUse = (place) => place.querySelector("details[open]") !== null || (place.contains(document.activeElement) && document.activeElement.matches("input, textarea, select"));

async function redraw() {
  waiting = null;
  const wanted = [...stale].filter((name) => !isInUse(root.querySelector(`[data-refresh="${name}"]`)));
  if (!wanted.length) return;
  const answer = await fetch(root.dataset.address, { cache: "no-store" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const name of wanted) {
    const place = root.querySelector(`[data-refresh="${name}"]`);
    const drawn = fresh.querySelector(`[data-refresh="${name}"]`);
    if (!drawn || isInUse(place)) continue;
    const focused = place.contains(document.activeElement) ? document.activeElement.closest("form")?.getAttribute("action") : null;
    place.replaceWith(drawn);
    for (const form of drawn.querySelectorAll('[data-behaviour="confirm"]')) confirm(form);
    if (focused) drawn.querySelector(`form[action="${CSS.escape(focused)}"] button`)?.focus();
    stale.delete(name);
  }
  tickNow();
}

function plan() {
  waiting ??= setTimeout(redraw, REDRAW_AFTER);
}
root.addEventListener("toggle", plan, true);
root.addEventListener("focusout", () => { if (stale.size) plan(); });

follow({
  address: root.dataset.events,
  assembly: Number(root.dataset.assembly),
  last: Number(root.dataset.last),
  apply: (event) => {
    for (const name of partsOf[event.kind] ?? []) stale.add(name);
    if (event.kind === "stage") setTimer(root.querySelector(".console__now [data-timer]"), event.payload.started_at, event.payload.minutes);
    root.dataset.seq = event.seq;
    plan();
  },
  show: linkState(root),
});
