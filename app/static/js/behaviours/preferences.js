/** Switch type size and contrast at once; the server remembers it. Without scripts the same form posts. */
const attributes = { size: ["large", "normal"], contrast: ["high", "normal"] };

export default function preferences(form) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    const values = attributes[button?.name];
    if (!values) return;
    event.preventDefault();
    const chosen = button.value;
    const on = chosen === values[0];
    const body = new FormData(form, button);
    document.documentElement.dataset[button.name] = chosen;
    button.setAttribute("aria-pressed", String(on));
    button.value = on ? values[1] : values[0];
    // Kept alive, so that going on to another page at once does not undo the choice.
    fetch(form.action, { method: "POST", body, redirect: "manual", credentials: "same-origin", keepalive: true });
  });
}
