/**
 * Count what is picked on a ballot paper and say so. It never stops anyone: the server decides.
 *
 *   <form data-behaviour="pick-counter" data-max="6"
 *         data-text="{count}개 고름 · {max}개까지" data-left="{left}개 더 고를 수 있어요" data-over="{over}개를 빼 주세요">
 *     … <p class="pick-count" data-pick-count aria-live="polite"></p>
 *
 * data-pick-count may also stand outside the form, as [data-pick-count="<form id>"]. A section with its own limit
 * is any element with data-pick-section and data-max; it gets its line in its own [data-pick-count].
 * What the server said about the picks, [data-pick-error="<form id>"], goes once they are changed to a number that fits.
 */
export default function pickCounter(form) {
  const small = (text) => Object.assign(document.createElement("small"), { textContent: text });
  const outside = form.id ? [...document.querySelectorAll(`[data-pick-count="${CSS.escape(form.id)}"]`)] : [];
  const sections = [form, ...form.querySelectorAll("[data-pick-section]")];

  const tell = (section) => {
    const words = { ...form.dataset, ...section.dataset };
    const max = Number(words.max);
    const count = section.querySelectorAll("input[type='checkbox']:checked:not([data-pick-ignore])").length;
    const fill = (text) => text?.replace("{count}", count).replace("{max}", max).replace("{left}", max - count).replace("{over}", count - max) ?? "";
    const said = [fill(words.text), count > max ? fill(words.over) : count > 0 && count < max ? fill(words.left) : ""].filter(Boolean);
    const own = [...section.querySelectorAll("[data-pick-count]")].filter((place) => place.closest("[data-pick-section], form") === section);
    for (const place of section === form ? [...own, ...outside] : own) {
      place.toggleAttribute("data-over", count > max);
      if (place.textContent !== said.join("")) place.replaceChildren(said[0], ...said.slice(1).map(small));
    }
  };
  const tellAll = () => sections.forEach(tell);
  form.addEventListener("change", () => {
    tellAll();
    const count = form.querySelectorAll("input[type='checkbox']:checked:not([data-pick-ignore])").length;
    if (count < 1 || count > Number(form.dataset.max)) return;
    for (const said of document.querySelectorAll(`[data-pick-error="${CSS.escape(form.id)}"]`)) said.hidden = true;
  });
  window.addEventListener("pageshow", tellAll);
  tellAll();
}
