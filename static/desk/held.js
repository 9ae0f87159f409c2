// The list of people that a supervisor's device may hold, to find a guest without a network. On the
// disk it is encrypted under a key from a passphrase; open, it is in this page's memory alone.

import { fold } from "./folding.js";
import { siteTime } from "./site.js";
import { read, write } from "./store.js";

const ADDRESS = "/checkin/people/list";
const NAME = "people"; // among the facts, which go when this device may not scan any more
const ROUNDS = 600_000; // of PBKDF2 with SHA-256, as OWASP asks
const PATIENCE = 30_000;
const MOST = 20;

let open = null; // { key, salt, version, at, until, people, byNumber }

export const possible = Boolean(globalThis.crypto?.subtle);
export const held = () => open && { count: open.people.length, at: open.at };
export const heldPerson = (number) => open?.byNumber.get(number) ?? null;

const kept = () => read("facts", (store) => store.get(NAME));

// Whether this device holds one, open or not. One that is past its last day is erased.
export async function known() {
  const box = await kept().catch(() => null);
  if (!box || siteTime() < new Date(box.until)) return Boolean(box);
  await erase();
  return false;
}

async function keyOf(passphrase, salt) {
  const words = new TextEncoder().encode(passphrase.normalize("NFC"));
  const raw = await crypto.subtle.importKey("raw", words, "PBKDF2", false, ["deriveKey"]);
  const made = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(made, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function remember(key, salt, facts) {
  const people = facts.people.map(([number, name, organisation, category]) =>
    ({ number, name, organisation, category, words: fold(`${name} ${organisation}`) }));
  const byNumber = new Map(people.map((person) => [person.number, person]));
  open = { key, salt, version: facts.version, at: facts.at, until: facts.until, people, byNumber };
}

async function put(key, salt, facts) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(facts));
  const secret = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain);
  const box = { salt, iv, secret, at: facts.at, until: facts.until };
  await write(["facts"], (stores) => stores.facts.put(box, NAME));
}

// "taken", "same", or why not: "barred", "over", "failed".
async function fetchWith(key, salt, version) {
  let answer;
  try {
    answer = await fetch(`${ADDRESS}?known=${version}`, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 204) return "same";
    if (answer.redirected || [401, 403].includes(answer.status)) return await erase(), "barred";
    if (answer.status === 410) return await erase(), "over";
    if (!answer.ok) return "failed";
    const facts = await answer.json();
    await put(key, salt, facts);
    remember(key, salt, facts);
    return "taken";
  } catch {
    return "failed";
  }
}

export async function take(passphrase) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  return fetchWith(await keyOf(passphrase, salt), salt, "");
}

// Whether the passphrase was right.
export async function unlock(passphrase) {
  const box = await kept();
  const key = await keyOf(passphrase, box.salt);
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, key, box.secret);
    remember(key, box.salt, JSON.parse(new TextDecoder().decode(plain)));
  } catch {
    return false;
  }
  return true;
}

export async function renewList() {
  if (open && siteTime() >= new Date(open.until)) await erase();
  return open ? fetchWith(open.key, open.salt, open.version) : "closed";
}

export async function erase() {
  open = null;
  await write(["facts"], (stores) => stores.facts.delete(NAME)).catch(() => {});
}

document.addEventListener("barred", erase);

// Whose name and organisation hold every word; a number is the one on the badge.
export function find(text) {
  const digits = text.trim();
  if (/^\d{1,9}$/.test(digits)) {
    const person = heldPerson(Number(digits));
    return { people: person ? [person] : [], more: false };
  }
  const words = fold(text).split(" ");
  const hits = open.people.filter((person) => words.every((word) => person.words.includes(word)));
  return { people: hits.slice(0, MOST), more: hits.length > MOST };
}
