/** Give a notice a button that takes it away. */
export default function dismiss(notice) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "notice__close";
  button.setAttribute("aria-label", notice.dataset.dismiss);
  const cross = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  cross.setAttribute("class", "icon icon--small");
  cross.setAttribute("viewBox", "0 0 24 24");
  cross.setAttribute("fill", "none");
  cross.setAttribute("stroke", "currentColor");
  cross.setAttribute("stroke-width", "2");
  cross.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M18 6L6 18M6 6l12 12");
  cross.append(path);
  button.append(cross);
  button.addEventListener("click", () => {
    notice.remove();
    document.getElementById("content")?.focus();
  });
  notice.append(button);
}
