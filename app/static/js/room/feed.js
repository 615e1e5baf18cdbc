/**
 * The order of a room's events, and nothing else: no network, no page, no clock.
 *
 * Events carry numbers 1, 2, 3 … without gaps. Whatever way they come, by socket or by fetching,
 * twice or out of order, `accept` gives each one back exactly once and in order. What came too
 * early waits; `hasGap` says that something before it is missing and should be fetched.
 */
export const WAITING_AT_MOST = 1000;

export class Feed {
  #waiting = new Map();

  constructor(last) {
    this.last = last;
  }

  get hasGap() {
    return this.#waiting.size > 0;
  }

  accept(events) {
    for (const event of events) {
      if (!Number.isInteger(event?.seq) || event.seq <= this.last) continue;
      if (this.#waiting.size < WAITING_AT_MOST) this.#waiting.set(event.seq, event);
    }
    const ready = [];
    while (this.#waiting.has(this.last + 1)) {
      this.last += 1;
      ready.push(this.#waiting.get(this.last));
      this.#waiting.delete(this.last);
    }
    return ready;
  }
}
