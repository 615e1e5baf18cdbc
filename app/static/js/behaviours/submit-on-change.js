/** Send a filter form as soon as a choice changes; its own button is for those without scripts. */
export default function submitOnChange(form) {
  for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
