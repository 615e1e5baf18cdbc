/** Say how many characters are written, of how many. Spoken only near the limit, never on every key. */
export default function counter(control) {
  const output = document.getElementById(control.dataset.counter);
  if (!output) return;
  const max = Number(output.dataset.max);
  const text = output.dataset.text;
  const spoken = document.createElement("span");
  spoken.className = "visually-hidden";
  spoken.setAttribute("role", "status");
  output.after(spoken);

  const show = () => {
    const count = [...control.value.replace(/\r?\n/g, "\n")].length;
    const line = text.replace("{count}", count.toLocaleString("ko")).replace("{max}", max.toLocaleString("ko"));
    output.textContent = line;
    output.toggleAttribute("data-near", count > max * 0.9 && count <= max);
    output.toggleAttribute("data-over", count > max);
    if (count > max * 0.9) spoken.textContent = line;
  };
  control.addEventListener("input", show);
  show();
}
