// The search: results stand right below it as one types, and it says so when nothing gets through.

import { desk } from "./site.js";

const PAUSE = 3000; // milliseconds between two tries
const LIMIT = 1500; // milliseconds that the server has, where this device can answer
const SETTLE = 300; // milliseconds in which a press elsewhere still finds everything in its place

const field = document.getElementById("q");
const found = document.getElementById("found");
let again = null;
let late = null;
let shown = null; // what was searched for when this device answered itself
let here = () => null;

// `find(text)` gives what this device itself finds, as elements; or nothing, where it holds no list.
export function findsHere(find) {
  here = find;
}

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
  clearTimeout(late);
  shown = null;
  field.dispatchEvent(new Event("htmx:abort"));
  field.value = "";
  found.replaceChildren();
  unfold();
}

function notThrough() {
  clearTimeout(late);
  clearTimeout(again);
  again = setTimeout(ask, PAUSE);
  if (shown === field.value && found.firstChild) return; // nothing moves under a finger
  const lines = here(field.value);
  shown = lines ? field.value : null;
  found.replaceChildren(...[lines ?? sorry()].flat());
}

function sorry() {
  const words = document.createElement("p");
  words.className = "notice bad";
  words.textContent = desk.searchFailed;
  return words;
}

// Where this device can answer, nobody waits long for the server.
function waitAtMost() {
  clearTimeout(late);
  if (field.value.trim() && here(field.value)) late = setTimeout(notThrough, LIMIT);
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
  field.addEventListener("input", () => {
    clearTimeout(again);
    waitAtMost();
  });
  field.addEventListener("focus", fold);
  field.addEventListener("blur", unfold);
  field.addEventListener("htmx:error", notThrough);
  field.addEventListener("htmx:before:swap", (event) => {
    clearTimeout(late);
    shown = null;
    if (event.detail.ctx.response.status < 400) return;
    event.preventDefault();
    notThrough();
  });
  addEventListener("online", ask);
}
