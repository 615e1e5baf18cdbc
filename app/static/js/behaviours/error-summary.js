/** Take the focus when a form comes back with errors, and lead from a line to its control. */
export default function errorSummary(panel) {
  panel.focus();
  panel.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    const control = target.matches("fieldset") ? target.querySelector("input, select, textarea") : target;
    target.scrollIntoView({ block: "center" });
    control.focus({ preventScroll: true });
  });
}
