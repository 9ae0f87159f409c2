// A hand scanner types like a person, only faster. Its digits reach the scanner's field wherever
// the focus is, and its Enter sends them and never presses another button.

const MANY = 100; // digits that no person types into a field
const BURST = 300; // milliseconds: keys of a scanner come closer together than this

const digitsOf = (text) => text.replace(/\D/g, "");
const isTyping = (element) => element?.matches?.("input:not([type=hidden]), textarea, select");

// `onCode(text)` gets what was scanned.
export function listen(field, onCode) {
  let typed = "";
  let last = 0;

  function take(text) {
    typed = "";
    field.value = "";
    if (text.trim()) onCode(text.trim());
  }

  // Digits typed while a button, a link or nothing has the focus.
  function gather(event) {
    const now = performance.now();
    if (now - last > BURST) typed = "";
    last = now;
    if (event.key.length === 1) {
      typed += event.key;
      if (/\d/.test(event.key)) event.preventDefault();
    } else if (/\d/.test(typed) && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      event.stopPropagation();
      take(typed);
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const ends = event.key === "Enter" || event.key === "Tab";
    if (event.target === field) {
      if (event.key === "Tab" && digitsOf(field.value).length < MANY) return;
      if (ends) {
        event.preventDefault();
        take(field.value);
      }
    } else if (!isTyping(event.target)) {
      gather(event);
    } else if (ends && digitsOf(event.target.value ?? "").length >= MANY) {
      event.preventDefault();
      event.stopPropagation();
      const code = digitsOf(event.target.value);
      event.target.value = "";
      take(code);
    }
  }, { capture: true });

  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    take(field.value);
  });
  keepFocus(field);
}

// Back to the field after every press elsewhere, unless the press was meant for another field.
function keepFocus(field) {
  const back = () => {
    if (!isTyping(document.activeElement) && !document.activeElement?.closest?.("details[open]")) {
      field.focus({ preventScroll: true });
    }
  };
  addEventListener("focus", back);
  document.addEventListener("click", () => setTimeout(back, 0));
  document.addEventListener("verdict", back);
  back();
}
