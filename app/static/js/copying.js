// The joiners that keep a date on one line are for the page alone: what is copied goes without them.
const JOINER = "\u2060";

export function copyPlainly(event) {
  const chosen = getSelection();
  const text = chosen.toString();
  if (!text.includes(JOINER) || !event.clipboardData || event.target.closest?.("input, textarea")) return;
  const drawn = document.createElement("div");
  for (let number = 0; number < chosen.rangeCount; number += 1) drawn.append(chosen.getRangeAt(number).cloneContents());
  event.clipboardData.setData("text/plain", text.replaceAll(JOINER, ""));
  event.clipboardData.setData("text/html", drawn.innerHTML.replaceAll(JOINER, ""));
  event.preventDefault();
}
