/**
 * Enter sends, Shift+Enter breaks the line, and a Hangul syllable that is still being put together
 * is never sent: while the input method composes, Enter belongs to it. Nothing is cut while typing;
 * the server counts letters.
 */
export function isSending(event) {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}

export function sendOnEnter(control, send) {
  control.addEventListener("keydown", (event) => {
    if (!isSending(event)) return;
    event.preventDefault();
    send();
  });
}
