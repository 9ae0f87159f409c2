// A hand scanner types like a person, only faster. Its digits reach the scanner's field wherever
// the focus is, and its Enter sends them and never presses another button.

const MANY = 100; // digits that no person types into a field
const PAUSE = 1000; // milliseconds after which a key begins something new

const digitsOf = (text) => text.replace(/\D/g, "");
const isTyping = (element) => element?.matches?.("input:not([type=hidden]), textarea, select");

// `onCode(text)` gets what was scanned.
export function listen(field, onCode) {
  let typed = ""; // the keys of one burst, and what its field held before
  let before = "";
  let last = -PAUSE;

  function take(text) {
    typed = field.value = "";
    if (text.trim()) onCode(text.trim());
  }

  function gather(event) {
    if (event.timeStamp - last > PAUSE) {
      typed = "";
      before = event.target.value ?? "";
    }
    last = event.timeStamp;
    if (event.key.length === 1) typed += event.key;
  }

  // Whether the Enter (or Tab) that ends a burst is a scanner's: elsewhere than in its own field.
  function scanned(target) {
    if (!isTyping(target)) return /\d/.test(typed) ? typed : "";
    const digits = [digitsOf(typed), digitsOf(target.value)].find((found) => found.length >= MANY);
    if (!digits) return "";
    target.value = before;
    target.dispatchEvent(new Event("input", { bubbles: true }));
    return digits;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const own = event.target === field;
    if (event.key !== "Enter" && event.key !== "Tab") {
      if (!own) gather(event);
      return;
    }
    const code = own ? field.value : scanned(event.target);
    if (own && event.key === "Tab" && digitsOf(code).length < MANY) return;
    if (!own && !code) return;
    event.preventDefault();
    event.stopPropagation();
    take(code);
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
