// What this device knows of the event without a network: kept from visit to visit, renewed each
// minute. It holds no name. Its age is always in sight.

import { readBadge, verifier } from "./badge.js";
import { FIRST_BLANK, decide, whose } from "./deciding.js";
import { known, passage, placeOf } from "./memory.js";
import { heldPerson } from "./held.js";
import { desk, hearTime, siteTime } from "./site.js";
import { read, write } from "./store.js";

const OFTEN = 60_000; // milliseconds
const PATIENCE = 8000;
const LAST = []; // after every other part of a key
const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: desk.zone };

let roster = null;
let verify = null;

export const remembered = read("facts", (store) => store.get("roster"))
  .then((known) => { roster = known ?? null; })
  .catch(() => {}); // a browser that keeps nothing

// Whether the server answered. Renews the token of this page too.
export async function renew() {
  const since = roster?.event ? roster.version : 0;
  const asked = Date.now();
  let answer = null;
  try {
    answer = await fetch(`/checkin/roster?since=${since}`, { signal: AbortSignal.timeout(PATIENCE) });
    const barred = answer.redirected || answer.status === 401 || answer.status === 403;
    if (barred) await forget();
    else if (answer.ok) await take(await answer.json(), asked);
  } catch {
    // Known as of before.
  }
  tell();
  const down = document.getElementById("line-down");
  if (down) down.hidden = Boolean(answer && answer.status < 500) || !roster;
  return Boolean(answer?.ok && !answer.redirected);
}

// What came since the last time stands beside what was known; another event or key begins anew.
async function take(news, asked) {
  hearTime(news.at, asked);
  desk.token = news.token;
  const same = roster && roster.event === news.event && roster.key === news.key;
  if (news.since && !same) {
    roster = null;
    return renew();
  }
  const exceptions = { ...(news.since ? roster.exceptions : {}), ...news.exceptions };
  if (roster?.key !== news.key) verify = null;
  const { token, ...facts } = news;
  roster = { ...facts, exceptions };
  await write(["facts"], ({ facts: kept }) => kept.put(roster, "roster")).catch(() => {});
  document.dispatchEvent(new CustomEvent("roster", { detail: roster }));
}

// Signed out or withdrawn: it decides nothing any more. What was not sent yet stays.
async function forget() {
  roster = null;
  document.dispatchEvent(new CustomEvent("barred"));
  await write(["facts", "passages"], ({ facts, passages }) => {
    facts.clear();
    passages.clear();
  });
}

function tell() {
  const line = document.getElementById("roster-age");
  if (!line) return;
  line.hidden = !roster;
  if (roster) line.querySelector("time").textContent = hour(roster.at);
}

const hour = (moment) => new Date(moment).toLocaleTimeString("vi", clock);
const dateOf = (moment) => new Date(moment).toLocaleDateString("en-GB", { timeZone: desk.zone });
const dayOf = (moment) => new Date(moment).toLocaleDateString("sv", { timeZone: desk.zone });

// Where this device has let a bearer in, on which days: see memory.js.
const passagesOf = (bearer) =>
  read("passages", (store) => store.getAll(IDBKeyRange.bound([bearer], [bearer, LAST])));

// How many more are inside by what it has seen since it last heard from the server.
async function lately(checkpoint) {
  const since = [placeOf(checkpoint, roster), roster.at];
  const seen = await read("passages", (store) => store.index("since").getAll(since));
  return seen.reduce((sum, { net }) => sum + net, 0);
}

// The verdict that holds until the server's, and whom to remember as let in; or null where this
// device cannot tell.
export async function decideHere(report) {
  const facts = roster && (await factsOf(report));
  if (!facts) return null;
  const door = await doorNow(report.checkpoint);
  const bearer = facts.bearer === undefined ? undefined : whose(facts, roster);
  const past = bearer === undefined ? [] : await passagesOf(bearer);
  const day = dayOf(report.scanned_at);
  const memory = known(past, report, day, roster);
  const decided = decide(facts, door, roster, memory);
  if (!decided) return null;
  const passes = ["in", "back", "extra", "out"].includes(decided.kind);
  const seen = passes ? passage(past, report, { bearer, day, kind: decided.kind }, roster) : null;
  const left = passes && decided.kind !== "out" ? leftWords(door, memory.inside ? 0 : 1) : "";
  return { verdict: { ...decided, ...words(decided, facts, memory), left }, passage: seen };
}

// What the badge says. Of somebody found in the list that this device holds, what a good badge would
// say of them; for which sessions is not known.
async function factsOf({ code, attendee }) {
  if (code) {
    verify ??= await verifier(roster.key);
    return readBadge(code, verify);
  }
  const person = heldPerson(attendee);
  const [revision] = roster.exceptions[attendee] ?? [0];
  const { event } = roster;
  return person && { event, bearer: attendee, revision, category: person.category, entitlements: null, person };
}

// A quiet warning while a place fills up.
function leftWords({ free, near }, more) {
  const left = Math.max(free - more, 0);
  if (near === undefined || left > near) return "";
  return left ? `${desk.left} ${left}` : desk.fullNow;
}

async function doorNow(checkpoint) {
  const door = roster.doors[checkpoint];
  if (!door || door.free === null) return door;
  return { ...door, free: door.free - (await lately(checkpoint)) };
}

// Whom the server let in here is remembered too, for when it cannot be reached.
export async function witness(report, { kind, reason }) {
  if (!roster || !report.code) return;
  const facts = await readBadge(report.code, () => true);
  if (facts.bearer === undefined) return;
  const [bearer, day] = [whose(facts, roster), dayOf(report.scanned_at)];
  const seen = passage(await passagesOf(bearer), report, { bearer, day, kind, reason }, roster);
  await write(["passages"], ({ passages }) => passages.put(seen));
}

// What a report was about, without a name.
export async function numberIn({ code, attendee }) {
  if (!code) return numberOf(attendee);
  return numberOf((await readBadge(code, () => true)).bearer);
}

// As it stands below the code.
function numberOf(bearer) {
  if (bearer === undefined) return "";
  if (bearer >= FIRST_BLANK) return `B${String(bearer - FIRST_BLANK).padStart(4, "0")}`;
  return `${desk.number} ${String(bearer).padStart(5, "0")}`;
}

// Number and category are all that a badge tells; the name is printed on it.
function words({ kind, reason }, facts, { first, day }) {
  const told = kind === "back" || reason.startsWith("used");
  const at = told && first ? `${hour(first)}${dayOf(first) === day ? "" : ` ${dateOf(first)}`}` : "";
  const [category, colour] = roster.categories[facts.category] ?? [];
  return {
    title: roster.titles[reason] ?? roster.titles[kind],
    why: roster.why[reason] ?? "",
    first: at && `${desk.firstIn} ${at}`,
    name: facts.person?.name ?? numberOf(facts.bearer),
    organisation: facts.person?.organisation,
    category,
    colour,
    ...along(roster.groups?.[whose(facts, roster)]),
    provisional: desk.provisional,
  };
}

// Who come with a group's adult: nobody scans them, so they are said at once.
const along = (companions) =>
  companions ? { companions, along: desk.along?.replace("{n}", companions) } : {};

// What stands in big letters; and why, for somebody who was turned back.
export const titleOf = (kind, reason) =>
  (reason === "turned_back" ? roster?.why[reason] : roster?.titles[reason] ?? roster?.titles[kind]) ?? "";
export const knowsDoors = () => Boolean(roster);
export const rosterAt = () => roster?.at ?? null;
export const rosterNow = () => roster;

export async function startRoster() {
  await remembered;
  tell();
  renew();
  setInterval(renew, OFTEN);
  for (const change of ["online", "offline"]) addEventListener(change, renew);
}
