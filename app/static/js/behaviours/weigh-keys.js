/** Weigh with the keyboard: while the focus is in the form, 1, 2 and 3 press the first, second and third answer. */
export default function weighKeys(form) {
  const answers = form.querySelectorAll("button[name=value]");
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const answer = answers[Number(event.key) - 1];
    if (answer) answer.click();
  });
}
