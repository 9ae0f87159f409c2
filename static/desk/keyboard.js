// A hand scanner types like a person, only faster. What it types is taken out of whatever field,
// link or button has the focus, and its Enter sends the scan and never presses anything.

const MANY = 100; // digits that no person types into a field
const FEW = 8; // digits that a person does type; more of them, fast, come from a scanner
const LONG = 20; // characters without a space that no person types fast
const FAST = 60; // milliseconds between two keys, on average, that no person keeps up
const APART = 150; // milliseconds after which a key begins something new
const PAUSE = 1000; // milliseconds that a scanner may stop between its digits
const ECHO = 500; // milliseconds in which a second Enter belongs to the same scan

const digitsOf = (text) => text.replace(/\D/g, "");
const isTyping = (element) =>
  element?.matches?.("input:not([type=hidden], [type=checkbox], [type=radio]), textarea, select");

// Keys in quick succession, and what the fields held before the first of them.
class Burst {
  text = "";
  first = 0;
  last = -Infinity;
  before = new Map();

  add(event) {
    const pause = /^\d+$/.test(this.text) ? PAUSE : APART;
    if (event.timeStamp - this.last > pause) this.clear(event.timeStamp);
    this.last = event.timeStamp;
    const { target } = event;
    if (isTyping(target) && !this.before.has(target)) this.before.set(target, target.value);
    if (event.key.length === 1) this.text += event.key;
  }

  clear(now = 0) {
    this.text = "";
    this.first = now;
    this.before.clear();
  }

  get fast() {
    return this.last - this.first <= FAST * this.text.length;
  }

  // What a scanner typed, or nothing; `target` is where its Enter arrived.
  scan(target, now) {
    const text = now - this.last > PAUSE ? "" : this.text;
    const whole = [digitsOf(text), digitsOf(target.value ?? "")].find((d) => d.length >= MANY);
    if (whole) return whole;
    if (!isTyping(target)) return /\d/.test(text) ? text : "";
    const digits = digitsOf(text).length;
    const number = digits > FEW && digits >= text.length * 0.6;
    return this.fast && (number || (text.length >= LONG && !text.includes(" "))) ? text : "";
  }

  // The fields as they were.
  giveBack(field) {
    for (const [element, value] of this.before) {
      if (element === field || element.value === value) continue;
      element.value = value;
      element.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

// `onCode(text)` gets what was scanned; `field` is the scanner's own, on the page that has one.
export function listen(field, onCode) {
  const burst = new Burst();
  let quietUntil = 0;

  function take(text, now) {
    burst.giveBack(field);
    burst.clear();
    quietUntil = now + ECHO;
    if (field) field.value = "";
    if (text.trim()) onCode(text.trim());
  }

  function end(event) {
    const { target, timeStamp: now } = event;
    const code = burst.scan(target, now);
    if (!code && target === field && event.key === "Enter") return own(event);
    if (!code && (burst.text || now > quietUntil)) return burst.clear();
    event.preventDefault();
    event.stopPropagation();
    if (code) take(code, now);
  }

  // Typed by hand into the scanner's field.
  function own(event) {
    event.preventDefault();
    event.stopPropagation();
    take(field.value, event.timeStamp);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (event.key === "Enter" || event.key === "Tab") return end(event);
    burst.add(event);
    if (event.key === " " && burst.text.length > 3 && !isTyping(event.target)) event.preventDefault();
  }, { capture: true });

  if (!field) return;
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    take(field.value, event.timeStamp);
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
