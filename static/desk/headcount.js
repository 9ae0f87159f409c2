// Guests without a badge: each press counts at once on this page, and is sent or kept like a scan.

import { unsent } from "./scans.js";
import { desk, moments, newNonce, post, siteTime } from "./site.js";

const JSON_BODY = { "Content-Type": "application/json" };
const MOST = 500;
const FRESH = 10 * 60_000; // milliseconds in which a press may be taken back

const KEY = "ghidanh.presses";

const form = document.getElementById("headcount");
const number = new Intl.NumberFormat("vi");
let total = 0;
let presses = []; // what may be taken back, the last one at the end

// The server's answer, or nothing as long as it cannot be reached.
async function sendCount(report) {
  try {
    const response = await post("/checkin/count", JSON.stringify(report), JSON_BODY);
    const answered = response.status === 409 || response.status === 422 || response.ok;
    const answer = answered ? await response.json() : null;
    if (answer?.total !== undefined || answer?.error || answer?.errors) return answer;
  } catch {
    // Kept, and sent later.
  }
  return null;
}

const today = () => siteTime().toLocaleDateString("sv", { timeZone: desk.zone });
const fresh = (press) => Date.now() - press.at < FRESH;

// They outlive the page, each with the door it was made at.
function remember() {
  const door = form.dataset.checkpoint;
  const plain = presses.map(({ people, at, nonce, kept }) => ({ people, at, nonce, kept }));
  try {
    localStorage.setItem(KEY, JSON.stringify({ door, day: today(), total, presses: plain }));
  } catch {
    // Full, or forbidden: they go with the page.
  }
}

function remembered() {
  try {
    const known = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (known.door === form.dataset.checkpoint && known.day === today()) return known;
  } catch {
    // As if nothing had been counted.
  }
  return { total: 0, presses: [] };
}

// As the server counts once it has heard of every press.
async function hear() {
  const page = await fetch("/checkin/count").then((answer) => answer.text()).catch(() => "");
  const told = new DOMParser().parseFromString(page, "text/html").querySelector("#headcount output");
  if (!told) return;
  total = Number(told.textContent.replace(/\D/g, ""));
  show();
}

function show() {
  form.querySelector("output").textContent = number.format(total);
  presses = presses.filter(fresh);
  remember();
  const last = presses.at(-1);
  const back = form.querySelector("[data-back]");
  back.hidden = !last;
  back.querySelector("span").textContent = last ? `+${last.people}` : "";
}

function tell(words) {
  const told = form.querySelector("[data-told]");
  told.textContent = words ?? "";
  told.hidden = !words;
}

async function report(words) {
  const made = { checkpoint: form.dataset.checkpoint, ...moments("counted_at"), ...words };
  const answer = await sendCount(made);
  const refused = answer && answer.total === undefined;
  if (!answer) await unsent.keep(made);
  else if (refused) tell(answer.error ?? Object.values(answer.errors).join(" "));
  else if (!presses.some((press) => press.kept)) total = answer.total;
  return { kept: !answer, refused };
}

async function count(people) {
  tell();
  const press = { people, at: Date.now(), nonce: newNonce(), kept: false };
  total += people;
  presses.push(press);
  show();
  press.sent = report({ nonce: press.nonce, people }).then((sent) => Object.assign(press, sent));
  if ((await press.sent).refused) {
    total -= people;
    presses = presses.filter((other) => other !== press);
  }
  show();
}

async function takeBack() {
  const press = presses.pop();
  total -= press.people;
  show();
  await press.sent;
  const { refused } = await report({ nonce: newNonce(), undoes: press.nonce });
  if (refused) total += press.people;
  show();
}

function addMany() {
  const field = form.querySelector("[data-many]");
  const people = Number(field.value);
  if (!Number.isInteger(people) || people < 1 || people > MOST) return tell(desk.manyWrong);
  field.value = "";
  form.querySelector("details").open = false;
  count(people);
}

export function listenToHeadcount() {
  if (!form) return;
  const before = remembered();
  presses = before.presses.filter(fresh);
  const told = form.querySelector("output").textContent;
  total = desk.time ? Number(told.replace(/\D/g, "")) : before.total;
  document.addEventListener("all-sent", hear);
  show();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    count(Number(event.submitter.value));
  });
  // Enter would press the first button of the form.
  form.querySelector("[data-many]").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    addMany();
  });
  form.querySelector("[data-add]").onclick = addMany;
  form.querySelector("[data-back]").onclick = takeBack;
}
