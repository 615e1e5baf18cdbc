/**
 * The line to a room: a socket that brings events sooner, and plain fetching that brings them for sure.
 *
 *   follow({ address, assembly, last, apply, show })
 *
 * `apply(event)` is called for each event exactly once, in order; `show(state)` with "live", "catching"
 * or "lost". While the socket is down the line asks every few seconds; while it is up, now and then.
 */
import { io } from "../../vendor/socket.io-client-4.8.4/socket.io.esm.min.js";
import { Feed } from "./feed.js";

const GAP_GRACE = 250;
const POLL_EVERY = 3000;
const CHECK_EVERY = 25000;
const PAGE = 200;
const GONE = 404; // called off meanwhile: the assembly's page says why

export function follow({ address, assembly, last, apply, show }) {
  const feed = new Feed(last);
  const socket = io("/live", { transports: ["websocket", "polling"], reconnectionDelayMax: 8000, randomizationFactor: 0.7 });
  let watching = false;
  let fetching = null;
  let again = false;
  let grace = null;
  let timer = null;

  const take = (events) => {
    for (const event of feed.accept(events)) apply(event);
    if (feed.hasGap && !fetching) grace ??= setTimeout(catchUp, GAP_GRACE);
  };

  const catchUp = () => {
    clearTimeout(grace);
    grace = null;
    if (fetching) {
      again = true;
      return fetching;
    }
    fetching = fetchAll().finally(() => {
      fetching = null;
      plan();
      if (again) {
        again = false;
        catchUp();
      }
    });
    return fetching;
  };

  const fetchAll = async () => {
    if (watching) show("catching");
    try {
      for (let more = true; more;) {
        const answer = await fetch(`${address}?after=${feed.last}&limit=${PAGE}`, { cache: "no-store" });
        if (answer.status === GONE) return location.reload();
        if (!answer.ok) throw new Error(`events: ${answer.status}`);
        const page = await answer.json();
        const before = feed.last;
        take(page.events);
        more = feed.last < page.last && feed.last > before;
      }
      show(watching ? "live" : "lost");
    } catch {
      show("lost");
      if (watching) again = false;
    }
  };

  const plan = () => {
    clearTimeout(timer);
    const pause = watching ? CHECK_EVERY : POLL_EVERY;
    timer = setTimeout(catchUp, pause * (0.8 + 0.4 * Math.random()));
  };

  socket.on("connect", () => {
    show("catching");
    socket.timeout(8000).emit("watch", { assembly }, (error, answer) => {
      watching = !error && answer?.ok === true;
      catchUp();
    });
  });
  socket.on("events", (frame) => {
    if (Array.isArray(frame?.events)) take(frame.events);
  });
  socket.on("disconnect", () => {
    watching = false;
    show("lost");
    catchUp();
  });
  socket.on("connect_error", () => {
    watching = false;
    show("lost");
  });
  window.addEventListener("online", () => catchUp());
  window.addEventListener("offline", () => show("lost"));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) catchUp();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) catchUp();
  });
  show("catching");
  catchUp();
  return { feed, catchUp, socket };
}
