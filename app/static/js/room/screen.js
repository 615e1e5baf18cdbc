/** Small things that the hall, the projector and the console write on their pages. */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
export const called = (root, who) => who || root.dataset.wordLeft;
export const count = (number) => number.toLocaleString("ko");
export const part = (element, name) => element.querySelector(`[data-part="${name}"]`);

/** Write text unless it stands there already, so that screen readers hear changes only. */
export function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/** What someone wants to speak about, or why it is hidden. */
export function showTopic(root, place, { topic, hidden }) {
  write(place, hidden ? fill(root.dataset.wordHidden, { reason: reasonOf(root, hidden) }) : topic);
  place.classList.toggle("is-hidden", Boolean(hidden));
}
export const reasonOf = (root, code) => root.getAttribute(`data-reason-${code}`) ?? code;

/** The room's own time: the server's clock, carried on by this machine's. */
export function roomClock(root) {
  const ahead = Date.parse(root.dataset.now) - Date.now();
  return () => Date.now() + ahead;
}

const seoul = new Intl.DateTimeFormat("ko", { timeZone: "Asia/Seoul", hour: "2-digit", minute: "2-digit", hour12: false });
export function stamp(element, at) {
  element.dateTime = at;
  element.textContent = seoul.format(new Date(at));
}

/** Keep every [data-timer] of the page ticking. */
export function tick(root) {
  const now = roomClock(root);
  const show = () => {
    for (const timer of document.querySelectorAll("[data-timer]")) {
      const { started, minutes, left, over } = timer.dataset;
      timer.hidden = !started;
      if (!started) continue;
      const seconds = Math.round((Date.parse(started) + minutes * 60000 - now()) / 1000);
      const size = Math.abs(seconds);
      const time = `${Math.floor(size / 60)}:${String(size % 60).padStart(2, "0")}`;
      write(timer, fill(seconds < 0 ? over : left, { time }));
      timer.toggleAttribute("data-short", seconds < 60);
    }
  };
  setInterval(show, 1000);
  show();
  return show;
}

export function setTimer(timer, started, minutes) {
  timer.dataset.started = started ?? "";
  timer.dataset.minutes = minutes ?? 0;
}

/** Say whether the page hears what happens. */
export function linkState(root) {
  const place = root.querySelector("[data-link-state]");
  return (state) => {
    place.hidden = false;
    place.dataset.state = state;
    write(part(place, "text"), place.dataset[state]);
  };
}

export function showQuorum(root, { count: here, needed }) {
  for (const meter of root.querySelectorAll("[data-quorum]")) {
    const goal = needed ?? Number(meter.dataset.needed);
    write(part(meter, "text"), fill(goal ? meter.dataset.text : meter.dataset.alone, { count: count(here), needed: count(goal) }));
    part(meter, "met").hidden = !goal || here < goal;
    const bar = meter.querySelector("progress");
    if (bar) bar.value = Math.min(here, goal);
  }
}

export function showTurnout(root, { id, turnout, roll }) {
  for (const meter of root.querySelectorAll(`[data-ballot="${Number(id)}"]`)) {
    write(part(meter, "text"), fill(meter.dataset.text, { turnout: count(turnout), roll: count(roll) }));
    meter.querySelector("progress").value = turnout;
  }
}
