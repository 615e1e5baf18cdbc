/** The projector: one thing at a time, chosen by what is going on. */
import { follow } from "./link.js";
import { called, fill, linkState, part, setTimer, showQuorum, showTopic, showTurnout, tick, write } from "./screen.js";

const root = document.querySelector("[data-projector]");
const section = (name) => root.querySelector(`[data-show="${name}"]`);
const tickNow = tick(root);
let hasSpeaker = root.hasAttribute("data-has-speaker");
const { vote, hasResult } = root.dataset;
const TELLS_RESULT = ["count", "closing"];

// A ballot may be open for days: it is what goes on only while the order has come to it, and then
// it alone, even if nobody ended the last speech.
function showing() {
  const { stage } = root.dataset; // its kind, "" before the first
  if (stage === "vote" && vote) return vote === "open" ? "numbers" : "stage";
  if (hasSpeaker) return "speaker";
  if (hasResult !== undefined && (TELLS_RESULT.includes(stage) || root.dataset.state === "closed")) return "result";
  return stage ? "stage" : "numbers";
}

function choose() {
  root.dataset.showing = showing();
  tickNow();
}

// A hall's screens hear of it in one instant, and do not ask in one.
const RELOAD_WITHIN = 2000;
let reloading = null;
function reloadSoon() {
  reloading ??= setTimeout(() => location.reload(), Math.random() * RELOAD_WITHIN);
}

const shows = {
  stage: ({ payload }) => {
    const place = section("stage");
    write(part(place, "step"), fill(root.dataset.wordStep, payload));
    write(part(place, "title"), payload.title);
    setTimer(place.querySelector("[data-timer]"), payload.started_at, payload.minutes);
    root.dataset.stage = payload.kind;
  },
  floor: ({ payload }) => {
    const speaker = payload.queue.find((entry) => entry.state === "speaking");
    const place = section("speaker");
    hasSpeaker = Boolean(speaker);
    if (!speaker) return;
    write(part(place, "who"), called(root, speaker.who));
    write(part(place, "dong"), speaker.dong);
    showTopic(root, part(place, "topic"), speaker);
    setTimer(place.querySelector("[data-timer]"), speaker.called_at, speaker.minutes);
  },
  check_in: ({ payload }) => showQuorum(root, payload),
  turnout: ({ payload }) => showTurnout(root, payload),
  ballot: () => reloadSoon(),
  closed: () => reloadSoon(),
};

follow({
  address: root.dataset.events,
  assembly: Number(root.dataset.assembly),
  last: Number(root.dataset.last),
  apply: (event) => {
    shows[event.kind]?.(event);
    root.dataset.seq = event.seq;
    choose();
  },
  show: linkState(root),
});
