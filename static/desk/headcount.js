// Guests without a badge: each press counts at once on this page, and is sent or kept like a scan.

import { unsent } from "./scans.js";
import { desk, moments, newNonce, post, siteTime } from "./site.js";

const JSON_BODY = { "Content-Type": "application/json" };
const MOST = 500;
const FRESH = 10 * 60_000; // milliseconds in which a press may be taken back

const KEY = "ghidanh.presses";
const TOLD = "ghidanh.told"; // to the server, which has not answered yet

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

function told() {
  try {
    return JSON.parse(localStorage.getItem(TOLD) ?? "[]");
  } catch {
    return [];
  }
}

function keepTold(reports) {
  try {
    localStorage.setItem(TOLD, JSON.stringify(reports));
  } catch {
    // Full, or forbidden: they go with the page.
  }
}

// What this page knows is true for the next one too, should this one be closed before an answer.
function made(words) {
  const report = { checkpoint: form.dataset.checkpoint, ...moments("counted_at"), ...words };
  keepTold([...told(), report]);
  return report;
}

const forget = (done) => keepTold(told().filter(({ nonce }) => !done.includes(nonce)));

// What an earlier page left without an answer; the server knows by the nonce what it has already.
async function sendLeft() {
  const left = told();
  for (const report of left) await unsent.keep(report);
  forget(left.map(({ nonce }) => nonce));
  if (left.length) unsent.now();
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
  const counted = new DOMParser().parseFromString(page, "text/html").querySelector("#headcount output");
  if (!counted) return;
  total = Number(counted.textContent.replace(/\D/g, ""));
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
  const line = form.querySelector("[data-told]");
  line.textContent = words ?? "";
  line.hidden = !words;
}

async function report(made) {
  const answer = await sendCount(made);
  const refused = answer && answer.total === undefined;
  if (!answer) await unsent.keep(made);
  else if (refused) tell(answer.error ?? Object.values(answer.errors).join(" "));
  else if (!presses.some((press) => press.kept)) total = answer.total;
  forget([made.nonce]);
  return { kept: !answer, refused };
}

async function count(people) {
  tell();
  const press = { people, at: Date.now(), nonce: newNonce(), kept: false };
  total += people;
  presses.push(press);
  show();
  press.sent = report(made({ nonce: press.nonce, people })).then((sent) => Object.assign(press, sent));
  if ((await press.sent).refused) {
    total -= people;
    presses = presses.filter((other) => other !== press);
  }
  show();
}

async function takeBack() {
  const press = presses.pop();
  const undoing = made({ nonce: newNonce(), undoes: press.nonce });
  total -= press.people;
  show();
  await press.sent;
  const { refused } = await report(undoing);
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
  const counted = form.querySelector("output").textContent;
  total = desk.time ? Number(counted.replace(/\D/g, "")) : before.total;
  document.addEventListener("all-sent", hear);
  sendLeft().catch(() => {});
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
  document.addEventListener("count-along", ({ detail }) => count(detail));
  form.querySelector("[data-back]").onclick = takeBack;
}
