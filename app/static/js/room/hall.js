/** The hall: shows each event where it belongs, and sends what the visitor writes. */
import { follow } from "./link.js";
import { sendOnEnter } from "./ime.js";
import { redrawing } from "./redraw.js";
import { called, count, fill, linkState, part, reasonOf, setTimer, showQuorum, showTopic, showTurnout, stamp, tick, write } from "./screen.js";

const root = document.querySelector("[data-room]");
const words = root.dataset;
const tickNow = tick(root);
const one = (selector) => root.querySelector(selector);
const copy = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const number = (value) => Number(value) || 0;

/* ---- tabs: links without scripts, panes with them; on a phone each keeps its place on the page ---- */
const END = Infinity;
const places = { talk: words.state === "open" ? END : 0 }; // how far down one was in each
const panes = one(".hall__panes");
const panesStart = () => Math.floor(panes.getBoundingClientRect().top + window.scrollY - one(".room-top").getBoundingClientRect().height);
function openTab(name) {
  const from = root.dataset.tab;
  if (from === name) return;
  const here = window.scrollY;
  places[from] = from === "talk" && atEnd ? END : here;
  showTab(name);
  if (isWide.matches) return;
  const was = places[name] ?? 0;
  // What sticks to the top goes on sticking there, and the pane starts below it.
  window.scrollTo(0, Math.max(was === END ? 0 : was, Math.min(here, panesStart())));
  if (was === END) goToEnd("nearest");
}
function showTab(name) {
  root.dataset.tab = name;
  for (const tab of root.querySelectorAll("[data-tab-of]")) {
    if (tab.dataset.tabOf === name) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
}
one(".hall__tabs").addEventListener("click", (event) => {
  const tab = event.target.closest("[data-tab-of]");
  if (!tab || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  history.replaceState(null, "", tab.href);
  openTab(tab.dataset.tabOf);
});
one("[data-way]").addEventListener("click", (event) => {
  if (event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  history.replaceState(null, "", one('[data-tab-of="floor"]').href);
  openTab("floor");
  one('[data-pane="floor"] .pane__scroll').focus({ preventScroll: true });
});

/* ---- the end of the talk: follow it if it is in sight, else say how much is new ---- */
const talk = one("[data-talk]");
const end = one("[data-end]");
const pill = one("[data-pill]");
const pane = end.closest(".pane__scroll");
const isWide = matchMedia("(min-width: 62rem)"); // where the pane scrolls, and the page need not
let atEnd = true;
let unseen = 0;
function goToEnd(block = "end") {
  if (isWide.matches) pane.scrollTop = pane.scrollHeight;
  else end.scrollIntoView({ block });
  unseen = 0;
  pill.hidden = true;
}
function see(entries) {
  atEnd = entries.at(-1).isIntersecting;
  if (atEnd) {
    unseen = 0;
    pill.hidden = true;
  }
}
let watch = null;
function watchEnd() {
  watch?.disconnect();
  watch = new IntersectionObserver(see, { root: isWide.matches ? pane : null, rootMargin: "0px 0px 80px 0px" });
  watch.observe(end);
}
isWide.addEventListener("change", watchEnd);
watchEnd();
pill.addEventListener("click", () => {
  openTab("talk");
  goToEnd();
});

/* ---- spoken: at most one line in five seconds, however busy the room is ---- */
const spoken = one("[data-spoken]");
const SPEAK_EVERY = 5000;
let unspoken = [];
let speaking = null;
function speak(line) {
  unspoken.push(line);
  speaking ??= setTimeout(() => {
    spoken.textContent = unspoken.length === 1 ? unspoken[0] : fill(words.wordSpoken, { count: unspoken.length });
    unspoken = [];
    speaking = null;
  }, spoken.textContent ? SPEAK_EVERY : 500);
}

function addTalk(event, row, line) {
  if (talk.querySelector(`[data-seq="${event.seq}"]`)) return;
  row.dataset.seq = event.seq;
  stamp(part(row, "time"), event.at);
  const following = atEnd && !document.hidden;
  talk.append(row);
  one('[data-empty="talk"]').hidden = true;
  if (following) goToEnd();
  else {
    unseen += 1;
    pill.textContent = fill(words.wordPill, { count: unseen });
    pill.hidden = false;
  }
  speak(line);
}

function byline(row, { who, dong }) {
  part(row, "who").textContent = called(root, who);
  part(row, "dong").textContent = ` · ${dong}`;
}

function hiddenLine(code) {
  const line = copy("talk-hidden");
  line.textContent = fill(words.wordHidden, { reason: reasonOf(root, code) });
  return line;
}

function message(event) {
  const row = copy("talk-message");
  row.dataset.message = event.payload.id;
  if (event.payload.hidden) {
    const time = part(row, "time");
    row.replaceChildren(hiddenLine(event.payload.hidden), time);
    addTalk(event, row, row.textContent);
    time.remove();
    return;
  }
  byline(row, event.payload);
  part(row, "text").textContent = event.payload.text;
  addTalk(event, row, `${called(root, event.payload.who)}: ${event.payload.text}`);
}

function hideMessage({ payload }) {
  one(`[data-message="${number(payload.id)}"]`)?.replaceChildren(hiddenLine(payload.hidden));
}

function showMessage(event) {
  if (event.payload.hidden) return;
  const row = one(`[data-message="${number(event.payload.id)}"]`);
  if (!row) return;
  const fresh = copy("talk-message");
  byline(fresh, event.payload);
  part(fresh, "text").textContent = event.payload.text;
  stamp(part(fresh, "time"), event.payload.at);
  row.replaceChildren(...fresh.childNodes);
}

function announce(event) {
  const row = copy("talk-announce");
  part(row, "text").textContent = event.payload.text;
  addTalk(event, row, event.payload.text);
}

function step(event, text) {
  const row = copy("talk-step");
  part(row, "text").textContent = text;
  addTalk(event, row, text);
}

/* ---- the strip ---- */
function stage(event) {
  const { position, stages, title, started_at: started, minutes } = event.payload;
  const place = one("[data-stage]");
  const where = fill(words.wordStep, { position, stages });
  write(part(place, "step"), where);
  write(part(place, "title"), title);
  setTimer(one(".room-strip [data-timer]"), started, minutes);
  tickNow();
  step(event, `${where} · ${title}`);
}

function ballot({ payload }) {
  const known = one(`[data-ballot="${number(payload.id)}"]`);
  if (payload.state === "open" && known) showTurnout(root, payload);
  else if (payload.state === "open" || known) redraw.plan(["doors", "ballots"]);
}

/* ---- questions ---- */
const questions = one("[data-questions]");
const questionRow = (id) => questions.querySelector(`[data-question="${number(id)}"]`);
let asked = number(one('[data-count-of="questions"]').textContent.replaceAll(",", ""));
function question(event) {
  if (questionRow(event.payload.id)) return;
  questions.append(questionDrawn(event));
  one('[data-empty="questions"]').hidden = true;
  asked += 1;
  countOf("questions", asked);
}
function questionDrawn(event) {
  const { id, text, upvotes, hidden } = event.payload;
  const row = copy("question-row");
  row.dataset.question = id;
  row.dataset.upvotes = number(upvotes);
  if (hidden) row.replaceChildren(hiddenLine(hidden));
  else {
    byline(row, event.payload);
    part(row, "text").textContent = text;
    stamp(part(row, "time"), event.payload.at ?? event.at);
    write(part(row, "upvotes"), count(number(upvotes)));
    const form = row.querySelector("form");
    if (form && own.has(number(id))) countAlone(row);
    else if (form) showRaised(form, number(id), raised.has(number(id)));
  }
  return row;
}
/* Whether a question is one's own, or raised, no event says: the page does, and what is done on it. */
const own = new Set();
const raised = new Set();
function know() {
  for (const [known, mark] of [[own, "own"], [raised, "raised"]]) {
    known.clear();
    for (const row of questions.querySelectorAll(`[data-${mark}]`)) known.add(number(row.dataset.question));
  }
}
know();
function showRaised(form, id, isRaised) {
  form.querySelector("button").setAttribute("aria-pressed", String(isRaised));
  form.action = (isRaised ? form.dataset.down : form.dataset.up).replace("/0/", `/${id}/`);
}
function countAlone(row) {
  const form = row.querySelector("form");
  if (!form) return;
  const line = copy("question-count");
  write(part(line, "upvotes"), count(number(row.dataset.upvotes)));
  form.replaceWith(line);
}
function upvotes({ payload }) {
  const row = questionRow(payload.id);
  if (!row) return;
  row.dataset.upvotes = payload.upvotes;
  const place = part(row, "upvotes");
  if (place) write(place, count(payload.upvotes));
}
function answered({ payload }) {
  const row = questionRow(payload.id);
  if (!row || payload.hidden || row.querySelector(".question__answer")) return;
  const answer = copy("question-answer");
  part(answer, "text").textContent = payload.answer || words.wordAloud;
  row.querySelector(".question__words")?.append(answer);
  countAlone(row);
  row.classList.add("is-answered");
}
function hideQuestion({ payload }) {
  questionRow(payload.id)?.replaceChildren(hiddenLine(payload.hidden));
}
function showQuestion(event) {
  const row = questionRow(event.payload.id);
  if (!row || event.payload.hidden) return;
  row.replaceWith(questionDrawn(event));
  if (event.payload.answered) answered(event);
}
function countOf(name, value) {
  write(one(`[data-count-of="${name}"]`), count(value));
}

/* ---- the floor ---- */
const mine = one("[data-mine]");
function floor({ payload }) {
  const speaker = payload.queue.find((entry) => entry.state === "speaking");
  const waiting = payload.queue.filter((entry) => entry.state === "waiting");
  const place = one("[data-speaker]");
  write(part(place, "who"), speaker ? fill(words.wordSpeaking, { who: called(root, speaker.who) }) : words.wordNobody);
  showTopic(root, part(place, "topic"), speaker ?? { topic: "" });
  part(place, "topic").hidden = !speaker;
  one("[data-queue]").replaceChildren(...waiting.map(queueRow));
  one('[data-empty="floor"]').hidden = waiting.length > 0;
  countOf("floor", waiting.length);
  showMine(payload.queue, waiting);
}
function queueRow(entry) {
  const row = copy("queue-row");
  row.dataset.request = entry.id;
  row.classList.toggle("is-mine", String(entry.id) === mine.dataset.mine);
  showTopic(root, part(row, "topic"), entry);
  byline(row, entry);
  part(row, "minutes").textContent = fill(words.wordMinutes, { minutes: entry.minutes });
  return row;
}
function showMine(queue, waiting) {
  const entry = queue.find((each) => String(each.id) === mine.dataset.mine);
  const ahead = waiting.indexOf(entry);
  const isSpeaking = entry?.state === "speaking";
  write(mine, !entry ? "" : isSpeaking ? words.wordMine : ahead === 0 ? words.wordNext : fill(words.wordPlace, { ahead }));
  showTurn(isSpeaking ? "speaking" : ahead === 0 ? "next" : "", entry);
  const withdraw = one('[data-act="withdraw"]');
  if (!withdraw) return;
  withdraw.hidden = !entry;
  one('[data-act="floor"]').hidden = Boolean(entry);
  if (!entry) return;
  withdraw.action = (isSpeaking ? withdraw.dataset.end : withdraw.dataset.withdraw).replace("/0/", `/${number(entry.id)}/`);
  for (const label of withdraw.querySelectorAll("[data-when]")) label.hidden = label.dataset.when !== entry.state;
}
/* in sight and spoken on every tab */
const turn = one("[data-turn]");
function showTurn(state, entry) {
  turn.dataset.turn = state;
  write(part(turn, "words"), mine.textContent);
  setTimer(turn.querySelector("[data-timer]"), state === "speaking" ? entry.called_at : "", entry?.minutes);
  turn.querySelector("[data-way]").hidden = !state;
  tickNow();
}
let lastFloor = null;

const shows = {
  opened: (event) => { step(event, words.wordOpened); if (words.state !== "open") redraw.plan(PARTS); },
  closed: (event) => {
    step(event, words.wordClosed);
    setTimer(one(".room-strip [data-timer]"), "", 0);
    tickNow();
    redraw.plan([...PARTS, "stage"]);
  },
  stage,
  check_in: ({ payload }) => showQuorum(root, payload),
  turnout: ({ payload }) => showTurnout(root, payload),
  ballot,
  message,
  message_hidden: hideMessage,
  message_shown: showMessage,
  announce,
  question,
  question_upvotes: upvotes,
  question_answered: answered,
  question_hidden: hideQuestion,
  question_shown: showQuestion,
  floor: (event) => { lastFloor = event; floor(event); },
};

/* ---- writing: the same forms and tokens as without scripts ---- */
async function send(form) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, credentials: "same-origin" });
  const isJson = answer.headers.get("content-type")?.startsWith("application/json");
  return { ok: answer.ok, ...(isJson ? await answer.json() : {}) };
}

function complain(form, sentence) {
  const place = form.querySelector("[data-error]");
  const control = form.querySelector(".input");
  if (!place) return speak(sentence);
  place.textContent = sentence;
  place.hidden = !sentence;
  if (sentence) {
    control.setAttribute("aria-invalid", "true");
    control.focus();
  } else control.removeAttribute("aria-invalid");
}

async function submit(form) {
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  try {
    const result = await send(form);
    if (!result.ok) {
      complain(form, result.error ?? words.wordFailed);
      return;
    }
    complain(form, "");
    after[form.dataset.act]?.(form, result);
  } catch {
    complain(form, words.wordFailed);
  } finally {
    delete form.dataset.busy;
    redraw.letGo();
  }
}

function emptied(form) {
  const control = form.querySelector(".input");
  control.value = "";
  control.focus();
  if (form.elements.nonce) form.elements.nonce.value = newNonce();
}
function newNonce() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
const after = {
  say: (form) => { emptied(form); goToEnd(); },
  ask: (form, { question: id }) => {
    emptied(form);
    own.add(number(id));
    const row = questionRow(id);
    if (row) countAlone(row);
  },
  floor: (form, { request }) => {
    mine.dataset.mine = request;
    emptied(form);
    if (lastFloor) floor(lastFloor);
    line.catchUp();
  },
  withdraw: () => line.catchUp(),
  upvote: (form, { upvotes: total, raised: isRaised }) => {
    const id = number(form.closest("[data-question]").dataset.question);
    if (isRaised) raised.add(id);
    else raised.delete(id);
    showRaised(form, id, isRaised);
    upvotes({ payload: { id, upvotes: total } });
  },
};

root.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-act]");
  if (!form) return;
  event.preventDefault();
  submit(form);
});
function sendsOnEnter(name) {
  const form = one(`form[data-act="${name}"]`);
  if (form) sendOnEnter(form.querySelector("textarea"), () => form.requestSubmit());
}
sendsOnEnter("say");
sendsOnEnter("ask");

/* ---- what changes with the room's state is drawn by the server, around what is being written ---- */
const PARTS = ["doors", "ballots", "question-row", "questions", "say", "ask", "floor"];
const redraw = redrawing({
  root,
  drawn: (names, fresh, missed) => {
    words.state = fresh.dataset.state;
    for (const name of names) renewed[name]?.(fresh);
    for (const event of missed) if (names.includes(partOf[event.kind])) shows[event.kind](event);
  },
});
const partOf = { stage: "stage", turnout: "ballots", question: "questions", question_upvotes: "questions", question_answered: "questions", question_hidden: "questions", question_shown: "questions" };
const renewed = {
  doors: () => { if (one(".hall__door--vote")) speak(one(".hall__door--vote strong").textContent); },
  questions: (fresh) => {
    know();
    const total = fresh.querySelector('[data-count-of="questions"]').textContent;
    asked = number(total.replaceAll(",", ""));
    countOf("questions", asked);
  },
  say: () => sendsOnEnter("say"),
  ask: () => sendsOnEnter("ask"),
  floor: () => { if (lastFloor) floor(lastFloor); },
};

const line = follow({
  address: words.events,
  assembly: Number(words.assembly),
  last: Number(words.last),
  apply: (event) => {
    redraw.heard(event);
    shows[event.kind]?.(event);
    root.dataset.seq = event.seq;
  },
  show: linkState(root),
});
// On a phone the way to the talk's end leads past what is asked above it; that comes first.
const isAsked = one(".hall__door .button") !== null;
if (words.state === "open" && root.dataset.tab === "talk" && !location.hash && talk.children.length > 8 && (isWide.matches || !isAsked)) goToEnd();
