// Every scan, whichever way it comes, is sent at once and its verdict shown; what cannot be sent
// is kept with what this device decided itself, and sent later.

import { heldPerson } from "./held.js";
import { listKept } from "./kept.js";
import { Late } from "./late.js";
import { decideHere, knowsDoors, numberIn, remembered, renew, witness } from "./roster.js";
import { desk, hearTime, moments, newNonce, post, scanned } from "./site.js";
import { play } from "./sounds.js";
import { Unsent } from "./unsent.js";
import { VerdictScreen } from "./verdict.js";
import { Welcome } from "./welcome.js";
import { wayOf } from "./way.js";

const TWICE = 3000; // milliseconds in which the same code again is one scan, triggered twice
const LONGEST = 1000; // characters of a code
const AT_DOOR = 1500; // milliseconds until a device that can decide by itself does
const UPLOAD = 30_000; // milliseconds for two hundred at once on a bad line
const JSON_BODY = { "Content-Type": "application/json" };
const PASSING = ["in", "back", "extra", "out"];

const place = document.getElementById("verdict");
export const screen = "kiosk" in place.dataset ? new Welcome(place) : new VerdictScreen(place);
const late = new Late(document.getElementById("late"), desk.zone);
export const unsent = new Unsent(upload, settled, showUnsent);
let last = { code: "", at: 0, verdict: null };

// A token of this page that became too old is renewed, once.
async function send(body, patience) {
  const response = await post("/checkin/scan", JSON.stringify(body), JSON_BODY, patience);
  if (response.status !== 400 || !(await renew())) return response;
  return post("/checkin/scan", JSON.stringify(body), JSON_BODY, patience);
}

// The server's answer, or why there is none yet: unsent, signedOut, stale.
async function ask(report, patience) {
  let response;
  try {
    response = await send(report, patience);
  } catch {
    return { kept: "unsent" };
  }
  if (response.status === 401) return { kept: "signedOut" };
  if (response.status === 400) return { kept: "stale" };
  if (response.status >= 500 || response.status === 429) return { kept: "unsent" };
  const answer = await response.json().catch(() => ({}));
  // An answer that broke off, or that another program of the network gave, is none.
  if (response.ok) return answer.kind ? { verdict: answer } : { kept: "unsent" };
  const why = answer.error ?? Object.values(answer.errors ?? {}).join(" ");
  return { verdict: { kind: "again", title: desk.refusedTitle, why } };
}

export async function scan(method, words) {
  const nowhere = { kind: "again", reason: "nowhere", title: desk.nowhereTitle, why: desk.nowhereWhy };
  if (!desk.checkpoint) return screen.show(nowhere);
  if (words.code && words.code === last.code && Date.now() - last.at < TWICE) {
    return last.verdict && screen.show(last.verdict);
  }
  const mine = { code: words.code, at: Date.now(), verdict: null };
  if (words.code) last = mine;
  const where = { checkpoint: desk.checkpoint, ...wayOf(method) };
  const report = { nonce: newNonce(), method, ...where, ...moments("scanned_at"), ...words };
  if (report.code) report.code = report.code.slice(0, LONGEST);
  mine.verdict = await verdictOn(report);
  screen.show(mine.verdict);
}

// The server's; else this device's own, as long as it may scan at all.
async function verdictOn(report) {
  await remembered;
  const mine = knowsDoors() && (report.code || heldPerson(report.attendee));
  const { verdict, kept } = await ask(report, mine ? AT_DOOR : undefined);
  if (verdict) {
    if (PASSING.includes(verdict.kind)) witness(report, verdict).catch(() => {});
    if (unsent.count) unsent.now();
    scanned();
    return verdict;
  }
  const here = kept === "unsent" ? await decideHere(report).catch(() => null) : null;
  const decided = here && { kind: here.verdict.kind, reason: here.verdict.reason };
  try {
    await unsent.keep(decided ? { ...report, decided } : report, here?.passage);
  } catch {
    return { kind: "again", title: desk.refusedTitle, why: desk.notKept };
  }
  return here?.verdict ?? notChecked(kept, report.nonce);
}

// After somebody was taken back or let in by hand, their badge may be scanned again at once.
export function forgetLast() {
  last = { code: "", at: 0, verdict: null };
}

function notChecked(kept, nonce) {
  const reason = kept === "signedOut" ? "signed_out" : kept;
  return { kind: "unsent", reason, nonce, title: desk[`${kept}Title`], why: desk[`${kept}Why`] };
}

// The results of what was kept; nothing while the server cannot be reached.
async function upload(scans) {
  const asked = Date.now();
  let response;
  try {
    response = await send({ scans }, UPLOAD);
  } catch {
    return null;
  }
  if (response.status >= 500 || response.status === 413) return "broken";
  const answer = response.ok ? await response.json().catch(() => null) : null;
  if (answer?.results?.length !== scans.length) return null;
  hearTime(answer.at, asked);
  scanned();
  return answer.results;
}

// On the dark screen, if that still waits for it. What the server refuses, or has against somebody
// who was let in here, stays in sight until it was seen.
async function settled(report, { verdict, objection, errors }) {
  const awaited = verdict && screen.awaits(report.nonce);
  if (awaited) screen.show(verdict);
  if (verdict && last.verdict?.nonce === report.nonce) last.verdict = verdict;
  const refused = verdict && ["help", "again"].includes(verdict.kind) ? verdict : null;
  const told = errors ? { title: Object.values(errors).join(" ") } : (objection ?? refused);
  if (!told) return;
  late.add(report, await numberIn(report), told);
  if (!awaited) play("help");
}

function showUnsent(count) {
  listKept().catch(() => {});
  const bar = document.getElementById("unsent");
  if (!bar.hidden && count === 0) document.dispatchEvent(new CustomEvent("all-sent"));
  bar.hidden = count === 0;
  bar.querySelector("span").textContent = `${desk.waiting} ${count}`;
  bar.querySelector("button").onclick = () => unsent.now();
}
