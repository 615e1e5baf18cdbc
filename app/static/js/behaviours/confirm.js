/** Ask before a form is sent: data-confirm is the question, data-confirm-act and -back are the two answers. */
export default function confirm(form) {
  let agreed = false;
  form.addEventListener("submit", (event) => {
    if (agreed) return;
    event.preventDefault();
    const submitter = event.submitter;
    ask(form.dataset, submitter).then((answer) => {
      if (!answer) return;
      agreed = true;
      form.requestSubmit(submitter);
      agreed = false;
    });
  });
}

function ask(words, submitter) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  const question = document.createElement("h2");
  question.id = "confirm-question";
  question.textContent = words.confirm;
  dialog.setAttribute("aria-labelledby", question.id);
  dialog.append(question);
  if (words.confirmText) {
    const text = document.createElement("p");
    text.textContent = words.confirmText;
    dialog.append(text);
  }
  const row = document.createElement("form");
  row.method = "dialog";
  row.className = "button-row";
  const kind = submitter?.classList.contains("button--danger") ? "button--danger" : "button--primary";
  row.append(button(words.confirmBack ?? "돌아가기", "back", ""), button(words.confirmAct ?? submitter?.textContent.trim(), "act", kind));
  dialog.append(row);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      submitter?.focus();
      resolve(dialog.returnValue === "act");
    });
  });
}

function button(text, value, kind) {
  const element = document.createElement("button");
  element.className = `button ${kind}`.trim();
  element.value = value;
  element.textContent = text;
  return element;
}
