// What this scanner tells of itself each minute, and its trial without a connection: whether it
// could check a badge, keep a scan and open its page if the network went away now.

import { readBadge, verifier } from "./badge.js";
import { decide } from "./deciding.js";
import { remembered, renew, rosterAt, rosterNow } from "./roster.js";
import { unsent } from "./scans.js";
import { desk, deviceAhead, post, siteTime } from "./site.js";
import { read, write } from "./store.js";

const OFTEN = 60_000; // milliseconds
const PATIENCE = 10_000; // until something counts as not there
const SHELL = "/checkin/shell"; // the page as the service worker holds it
const SHORT = 250;
const JSON_BODY = { "Content-Type": "application/json" };

const line = document.getElementById("trial");
const trial = { tested_at: null, test_ok: false, test_why: "" };

// Where each fact comes from.
const SOURCES = {
  checkpoint: () => desk.checkpoint,
  version: () => desk.version,
  roster_at: rosterAt,
  unsent: () => unsent.count,
  clock_ms: deviceAhead,
  battery: charge,
};

async function charge() {
  const battery = await navigator.getBattery?.().catch(() => null);
  return battery ? Math.round(battery.level * 100) : null;
}

async function tell() {
  const told = { ...trial };
  for (const [name, source] of Object.entries(SOURCES)) told[name] = await source();
  const send = () => post("/checkin/report", JSON.stringify(told), JSON_BODY);
  try {
    const response = await send();
    if (response.status === 400 && (await renew())) await send();
  } catch {
    // The next one says it all.
  }
}

// What the device lacks, or nothing. The specimen is signed, and no door takes it.
async function lacking() {
  await remembered;
  if (!rosterNow()?.specimen) await once(document, "roster");
  const roster = rosterNow();
  if (!roster?.specimen) return "roster";
  const facts = await readBadge(roster.specimen, await verifier(roster.key));
  if (facts.bearer !== 0 || decide(facts, undefined, roster, {}).kind !== "help") return "badge";
  if (!(await keeps())) return "storage";
  return (await installed()) ? "" : "app";
}

// Whether what is written can be read again.
async function keeps() {
  const mark = siteTime().toISOString();
  try {
    await write(["facts"], ({ facts }) => facts.put(mark, "trial"));
    return (await read("facts", (store) => store.get("trial"))) === mark;
  } catch {
    return false;
  }
}

// The service worker rules this page, and has put it away; it may just be about to.
async function installed() {
  const worker = navigator.serviceWorker;
  if (!worker) return false;
  for (const until = Date.now() + PATIENCE; Date.now() < until; await pause()) {
    if (worker.controller && (await caches.match(SHELL))) return true;
  }
  return false;
}

const pause = () => new Promise((resolve) => { setTimeout(resolve, SHORT); });

const once = (target, event) =>
  new Promise((resolve) => {
    target.addEventListener(event, resolve, { once: true });
    setTimeout(resolve, PATIENCE);
  });

async function tryOut() {
  const why = await lacking().catch(() => "badge");
  Object.assign(trial, { tested_at: siteTime().toISOString(), test_ok: !why, test_why: why });
  show();
  await tell();
}

// On the scanner's page; a kiosk tells the board alone.
function show() {
  if (!line) return;
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: desk.zone };
  const time = new Date(trial.tested_at).toLocaleTimeString("vi", clock);
  line.hidden = false;
  line.dataset.ok = trial.test_ok;
  line.textContent = line.dataset[trial.test_why || "good"].replace("{time}", time);
}

function offer(button) {
  button.hidden = false;
  button.onclick = () => {
    button.closest("details").open = false;
    line.hidden = false;
    line.textContent = line.dataset.trying;
    tryOut();
  };
}

export function startReports() {
  if (!desk.checkpoint) return;
  if (line) offer(document.getElementById("try-out"));
  tryOut();
  // What came too late for the first time.
  navigator.serviceWorker?.addEventListener("controllerchange", () => trial.test_why === "app" && tryOut());
  document.addEventListener("roster", () => trial.test_why === "roster" && tryOut());
  setInterval(tell, OFTEN);
  addEventListener("online", tell);
  document.addEventListener("all-sent", tell);
}
