// Which way guests go where both are scanned: in, or out. Kept on this device for each checkpoint,
// and always in sight.

import { desk } from "./site.js";

const KEY = "ghidanh.way";

function ways() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

const goingOut = () => "inOut" in desk && ways()[desk.checkpoint] === "out";

// Of a badge that was scanned; somebody found by name is let in.
export const wayOf = (method) =>
  goingOut() && method !== "search" ? { direction: "out" } : {};

function choose(way) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...ways(), [desk.checkpoint]: way }));
  } catch {
    // Full, or forbidden: then it stays as it is, and shows it.
  }
  show();
}

function show() {
  document.body.classList.toggle("going-out", goingOut());
  for (const radio of document.querySelectorAll("[data-way] input")) {
    radio.checked = (radio.value === "out") === goingOut();
  }
}

export function startWay() {
  for (const radio of document.querySelectorAll("[data-way] input")) {
    radio.addEventListener("change", () => choose(radio.value));
  }
  show();
}
