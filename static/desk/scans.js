// Every scan, whichever way it comes, is sent at once and its verdict shown; what cannot be sent
// is kept, sent later, and answered then.

import { Late } from "./late.js";
import { decideHere, knowsDoors } from "./roster.js";
import { desk, newNonce, post, scanned, siteTime } from "./site.js";
import { play } from "./sounds.js";
import { Unsent } from "./unsent.js";
import { VerdictScreen } from "./verdict.js";

const TWICE = 3000; // milliseconds in which the same code again is one scan, triggered twice
const LONGEST = 1000; // characters of a code
const AT_DOOR = 1500; // milliseconds until a device that can decide by itself does

export const screen = new VerdictScreen(document.getElementById("verdict"));
const late = new Late(document.getElementById("late"), desk.zone);
const unsent = new Unsent(sendAgain, showUnsent);
let last = { code: "", at: 0, verdict: null };

// The server's answer, or why there is none yet: unsent, signedOut, stale.
async function ask(report, patience) {
  let response;
  try {
    const kind = { "Content-Type": "application/json" };
    response = await post("/checkin/scan", JSON.stringify(report), kind, patience);
  } catch {
    return { kept: "unsent" };
  }
  if (response.status === 401) return { kept: "signedOut" };
  if (response.status === 400) return { kept: "stale" };
  if (response.status >= 500 || response.status === 429) return { kept: "unsent" };
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return { verdict: answer };
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
  const where = { checkpoint: desk.checkpoint, scanned_at: siteTime().toISOString() };
  const report = { nonce: newNonce(), method, ...where, ...words };
  if (report.code) report.code = report.code.slice(0, LONGEST);
  const { verdict, kept } = await ask(report, knowsDoors() && report.code ? AT_DOOR : undefined);
  if (kept) unsent.keep(report);
  mine.verdict = verdict ?? (await decided(kept, report));
  screen.show(mine.verdict);
  if (verdict) scanned();
}

// After somebody was taken back or let in by hand, their badge may be scanned again at once.
export function forgetLast() {
  last = { code: "", at: 0, verdict: null };
}

export function sendKept() {
  unsent.flush();
}

export function keep(report) {
  unsent.keep(report);
}

// Guests that were counted go out in their turn between the scans.
let sendCount = async () => null;

export function sendsCounts(send) {
  sendCount = send;
}

// Without the server: what this device decides, as long as it may scan at all.
async function decided(kept, report) {
  const verdict = kept === "unsent" ? await decideHere(report).catch(() => null) : null;
  return verdict ?? notChecked(kept, report.nonce);
}

function notChecked(kept, nonce) {
  const reason = kept === "signedOut" ? "signed_out" : kept;
  return { kind: "unsent", reason, nonce, title: desk[`${kept}Title`], why: desk[`${kept}Why`] };
}

// On the dark screen, if that still waits for it; a refusal stays in sight until it was seen.
async function sendAgain(report) {
  if ("counted_at" in report) return Boolean(await sendCount(report));
  const { verdict, kept } = await ask(report);
  if (kept) return false;
  const awaited = screen.awaits(report.nonce);
  if (awaited) screen.show(verdict);
  if (last.verdict?.nonce === report.nonce) last.verdict = verdict;
  if (verdict.kind === "help" || verdict.kind === "again") {
    late.add(report, verdict);
    if (!awaited) play("help");
  }
  scanned();
  return true;
}

function showUnsent(count) {
  const bar = document.getElementById("unsent");
  bar.hidden = count === 0;
  bar.querySelector("span").textContent = `${desk.waiting} ${count}`;
  bar.querySelector("button").onclick = sendKept;
}
