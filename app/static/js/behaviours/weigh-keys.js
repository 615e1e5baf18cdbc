/** Weigh with the keyboard: 1, 2 and 3 press the first, second and third answer, unless something is being typed. */
export default function weighKeys(form) {
  const answers = form.querySelectorAll("button[name=value]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const answer = answers[Number(event.key) - 1];
    if (answer) answer.click();
  });
}
