// The search: results stand right below it as one types, and it says so when nothing gets through.

import { desk } from "./site.js";

const PAUSE = 3000; // milliseconds between two tries
const SETTLE = 300; // milliseconds in which a press elsewhere still finds everything in its place

const field = document.getElementById("q");
const found = document.getElementById("found");
let again = null;

function ask() {
  clearTimeout(again);
  if (field.value.trim()) field.dispatchEvent(new Event("ask"));
}

export const searches = Boolean(field);

export function look(text) {
  field.value = text;
  ask();
  fold();
}

export function clearSearch() {
  if (!field) return;
  clearTimeout(again);
  field.dispatchEvent(new Event("htmx:abort"));
  field.value = "";
  found.replaceChildren();
  unfold();
}

function notThrough() {
  const words = document.createElement("p");
  words.className = "notice bad";
  words.textContent = desk.searchFailed;
  found.replaceChildren(words);
  clearTimeout(again);
  again = setTimeout(ask, PAUSE);
}

// While searching, what else a phone shows makes room for the results.
function fold() {
  document.body.classList.add("searching");
}

function unfold() {
  setTimeout(() => {
    if (field.value || document.activeElement === field) return;
    document.body.classList.remove("searching");
  }, SETTLE);
}

if (field) {
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  field.addEventListener("input", () => clearTimeout(again));
  field.addEventListener("focus", fold);
  field.addEventListener("blur", unfold);
  field.addEventListener("htmx:error", notThrough);
  field.addEventListener("htmx:before:swap", (event) => {
    if (event.detail.ctx.response.status < 400) return;
    event.preventDefault();
    notThrough();
  });
  addEventListener("online", ask);
}
