/** Show a print button only where it can do something. */
export default function print(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
