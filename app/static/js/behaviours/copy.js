/** Copy what data-copy points at, and say so in the button for a moment. */
export default function copy(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const label = button.querySelector("span") ?? button;
  const before = label.textContent;
  label.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    const source = document.querySelector(button.dataset.copy);
    await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
    label.textContent = button.dataset.copied;
    setTimeout(() => { label.textContent = before; }, 3000);
  });
}
