// What keeps a date on one line is for the page alone: what is copied goes without it.
const HOLDS = /[\u2060\u00a0]/;
const plain = (text) => text.replaceAll("\u2060", "").replaceAll("\u00a0", " ").replaceAll("&nbsp;", " ");

export function copyPlainly(event) {
  const chosen = getSelection();
  const text = chosen.toString();
  if (!HOLDS.test(text) || !event.clipboardData || event.target.closest?.("input, textarea")) return;
  const drawn = document.createElement("div");
  for (let number = 0; number < chosen.rangeCount; number += 1) drawn.append(chosen.getRangeAt(number).cloneContents());
  event.clipboardData.setData("text/plain", plain(text));
  event.clipboardData.setData("text/html", plain(drawn.innerHTML));
  event.preventDefault();
}
