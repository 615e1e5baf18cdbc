// Binds behaviours to elements that ask for them: <… data-behaviour="counter copy">.
// Each behaviour is a module whose default export takes the element. A page works without any of them.
import { copyPlainly } from "./copying.js";

const behaviours = {
  "confirm": () => import("./behaviours/confirm.js"),
  "copy": () => import("./behaviours/copy.js"),
  "counter": () => import("./behaviours/counter.js"),
  "dismiss": () => import("./behaviours/dismiss.js"),
  "error-summary": () => import("./behaviours/error-summary.js"),
  "pick-counter": () => import("./behaviours/pick-counter.js"),
  "preferences": () => import("./behaviours/preferences.js"),
  "print": () => import("./behaviours/print.js"),
  "submit-on-change": () => import("./behaviours/submit-on-change.js"),
  "tabs": () => import("./behaviours/tabs.js"),
  "weigh-keys": () => import("./behaviours/weigh-keys.js"),
};

const bound = new WeakMap();

/** Bind every behaviour asked for inside `root`, once each. Call it again for markup that arrives later. */
export async function bind(root = document) {
  const waiting = [];
  for (const element of root.querySelectorAll("[data-behaviour]")) {
    const done = bound.get(element) ?? new Set();
    bound.set(element, done);
    for (const name of element.dataset.behaviour.split(/\s+/)) {
      if (!(name in behaviours) || done.has(name)) continue;
      done.add(name);
      waiting.push(behaviours[name]().then((module) => module.default(element)));
    }
  }
  await Promise.all(waiting);
  document.documentElement.dataset.bound = "true";
}

document.addEventListener("copy", copyPlainly);
bind();
