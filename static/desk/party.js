// A delegation: ticks everybody at once, says how many are ticked, and says so when the press does
// not get through. The same press again counts nobody twice.

import { desk } from "./site.js";

const PATIENCE = 20_000; // milliseconds: hundreds of people at once
const form = document.getElementById("party");
const all = form.querySelector("[data-all]");
const press = form.querySelector("[data-let-in]");
const told = form.querySelector("[data-told]");
const boxes = [...form.querySelectorAll("[name=member]")];
const everybody = all?.textContent;

function count() {
  const ticked = boxes.filter((box) => box.checked).length;
  press.textContent = ticked ? press.dataset.words.replace("{}", ticked) : press.dataset.nobody;
  press.disabled = !ticked;
  all.textContent = ticked === boxes.length ? all.dataset.none : everybody;
}

function tell(words) {
  told.textContent = words;
  told.hidden = !words;
  if (words) told.scrollIntoView({ block: "nearest" });
}

async function letIn() {
  tell("");
  press.disabled = true;
  try {
    const fields = new URLSearchParams(new FormData(form));
    fields.set("csrf_token", desk.token);
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(form.action, { method: "POST", body: fields, redirect: "manual", signal });
    if (answer.type === "opaqueredirect") return location.reload();
    tell(answer.status === 401 ? form.dataset.signedOut : form.dataset.failed);
  } catch {
    tell(form.dataset.failed);
  }
  press.disabled = false;
}

if (press) {
  all.hidden = boxes.length < 2;
  all.onclick = () => {
    const tick = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = tick;
    count();
  };
  form.addEventListener("change", count);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    letIn();
  });
  count();
}
