// What this device knows of the event without a network: kept from visit to visit, renewed each
// minute. It holds no name. Its age is always in sight.

import { readBadge, verifier } from "./badge.js";
import { FIRST_BLANK, decide, whose } from "./deciding.js";
import { desk, siteTime } from "./site.js";

const KEY = "ghidanh.roster";
const SEEN = "ghidanh.seen";
const OFTEN = 60_000; // milliseconds
const PATIENCE = 8000;
const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: desk.zone };

let roster = kept(KEY, null);
let verify = null;

function kept(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Full, or forbidden: it is known to this page alone.
  }
}

async function renew() {
  const since = roster?.event ? roster.version : 0;
  try {
    const address = `/checkin/roster?since=${since}`;
    const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) await take(await answer.json());
  } catch {
    // Known as of before.
  }
  tell();
}

// What came since the last time stands beside what was known; another event or key begins anew.
async function take(news) {
  const same = roster && roster.event === news.event && roster.key === news.key;
  if (news.since && !same) {
    roster = null;
    return renew();
  }
  const exceptions = { ...(news.since ? roster.exceptions : {}), ...news.exceptions };
  if (roster?.key !== news.key) verify = null;
  roster = { ...news, exceptions };
  keep(KEY, roster);
}

function tell() {
  const line = document.getElementById("roster-age");
  if (!line) return;
  line.hidden = !roster;
  if (roster) line.querySelector("time").textContent = hour(roster.at);
}

const hour = (moment) => new Date(moment).toLocaleTimeString("vi", clock);
const today = () => siteTime().toLocaleDateString("sv", { timeZone: desk.zone });

// When this device let a bearer in today: at any gate, or at one session.
function seen() {
  const known = kept(SEEN, {});
  return known.day === today() ? known : { day: today(), at: {} };
}

function passage(facts, { checkpoint }) {
  return `${roster.doors[checkpoint]?.gate ? "gate" : checkpoint} ${whose(facts, roster)}`;
}

function remember(facts, report) {
  const known = seen();
  known.at[passage(facts, report)] ??= report.scanned_at;
  keep(SEEN, known);
  const door = roster.doors[report.checkpoint];
  if (door.free !== null && !door.gate) door.free -= 1;
}

// A verdict that holds until the server's, or null where this device cannot tell.
export async function decideHere(report) {
  if (!roster || !report.code) return null;
  verify ??= await verifier(roster.key);
  const facts = await readBadge(report.code, verify);
  const door = roster.doors[report.checkpoint];
  const first = facts.bearer && seen().at[passage(facts, report)];
  const verdict = decide(facts, door, roster, first);
  if (!verdict) return null;
  if (["in", "extra"].includes(verdict.kind)) remember(facts, report);
  return { ...verdict, ...words(verdict, facts, first) };
}

// As it stands below the code.
function numberOf(bearer) {
  if (bearer === undefined) return "";
  if (bearer >= FIRST_BLANK) return `B${String(bearer - FIRST_BLANK).padStart(4, "0")}`;
  return `${desk.number} ${String(bearer).padStart(5, "0")}`;
}

// Number and category are all that a badge tells; the name is printed on it.
function words({ kind, reason }, facts, first) {
  const [category, colour] = roster.categories[facts.category] ?? [];
  return {
    title: roster.titles[reason] ?? roster.titles[kind],
    why: roster.why[reason] ?? "",
    first: first ? `${desk.firstIn} ${hour(first)}` : "",
    name: numberOf(facts.bearer),
    category,
    colour,
    provisional: desk.provisional,
  };
}

export function knowsDoors() {
  return Boolean(roster);
}

export function startRoster() {
  tell();
  renew();
  setInterval(renew, OFTEN);
  addEventListener("online", renew);
}
