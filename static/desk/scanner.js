// The door's page: every scan, whichever way it comes, is sent at once and its verdict shown.

import { Camera } from "./camera.js";
import { listen } from "./keyboard.js";
import { allowSound } from "./sounds.js";
import { Unsent } from "./unsent.js";
import { VerdictScreen } from "./verdict.js";

const PATIENCE = 8000; // milliseconds until a scan counts as not sent
const OUT_OF_VIEW = 2500; // milliseconds until a code that was read may be read again

const desk = document.getElementById("desk").dataset;
const screen = new VerdictScreen(document.getElementById("verdict"));
// The site's clock rules, not this device's.
const ahead = desk.time ? Date.parse(desk.time) - Date.now() : 0;
const siteTime = () => new Date(Date.now() + ahead).toISOString();

// randomUUID exists on secure pages only; this exists everywhere.
function newNonce() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function post(address, body, kind) {
  return fetch(address, {
    method: "POST",
    headers: { "Content-Type": kind, "X-CSRFToken": desk.token },
    body,
    signal: AbortSignal.timeout(PATIENCE),
  });
}

// The server's answer, or why there is none yet: unsent, signed_out, stale.
async function ask(report) {
  let response;
  try {
    response = await post("/checkin/scan", JSON.stringify(report), "application/json");
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

const unsent = new Unsent(async (report) => {
  const { kept } = await ask(report);
  if (!kept) scanned();
  return !kept;
}, showUnsent);

async function scan(method, words) {
  const report = { nonce: newNonce(), checkpoint: desk.checkpoint, method, scanned_at: siteTime(), ...words };
  if (report.code) report.code = report.code.slice(0, 1000);
  const { verdict, kept } = await ask(report);
  if (kept) {
    unsent.keep(report);
    const reason = kept === "signedOut" ? "signed_out" : kept;
    screen.show({ kind: "unsent", reason, title: desk[`${kept}Title`], why: desk[`${kept}Why`] });
    return;
  }
  screen.show(verdict);
  scanned();
}

// The list of the last scans listens for this.
function scanned() {
  document.body.dispatchEvent(new CustomEvent("scanned"));
}

function showUnsent(count) {
  const bar = document.getElementById("unsent");
  if (!bar) return;
  bar.hidden = count === 0;
  bar.querySelector("span").textContent = `${desk.waiting} ${count}`;
  bar.querySelector("button").onclick = () => unsent.flush();
}

// Any form that lets somebody in: the same scan, without leaving the page.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.matches("[data-scan]")) {
    event.preventDefault();
    const words = { attendee: Number(form.elements.attendee.value) };
    const reason = form.elements.override?.value.trim();
    const button = form.querySelector("button");
    button.disabled = true;
    await scan("search", reason ? { ...words, override: reason } : words);
    setTimeout(() => { button.disabled = false; }, 1000);
  } else if (form.closest("#verdict [data-undo]")) {
    event.preventDefault();
    const fields = new URLSearchParams({ scan: form.elements.scan.value, reason: event.submitter?.value ?? "" });
    try {
      await post("/checkin/undo", fields, "application/x-www-form-urlencoded");
    } finally {
      screen.close();
      scanned();
    }
  }
});

function startCamera(box) {
  const find = (selector) => box.querySelector(selector);
  const [start, stop, torch, trouble] = ["[data-start]", "[data-stop]", "[data-torch]", ".camera-trouble"].map(find);
  let seen = { code: "", at: 0, busy: false };

  const camera = new Camera(find("video"), async (code) => {
    const fresh = code !== seen.code || Date.now() - seen.at > OUT_OF_VIEW;
    seen.code = code;
    seen.at = Date.now();
    if (!fresh || seen.busy) return;
    seen.busy = true;
    await scan("camera", { code }).finally(() => { seen.busy = false; });
  }, (kind) => {
    trouble.textContent = desk[`camera${kind[0].toUpperCase()}${kind.slice(1)}`];
    trouble.hidden = false;
  });

  async function turnOn() {
    trouble.hidden = true;
    start.disabled = true;
    const on = await camera.start();
    start.disabled = false;
    show(on === true);
    if (on) navigator.wakeLock?.request("screen").catch(() => {});
  }

  function show(on) {
    box.classList.toggle("on", on);
    start.hidden = on;
    stop.hidden = !on;
    torch.hidden = !on || !camera.torch;
    remember(on);
  }

  start.onclick = turnOn;
  stop.onclick = () => { camera.stop(); show(false); };
  torch.onclick = () => {
    const light = !torch.classList.contains("lit");
    torch.classList.toggle("lit", light);
    camera.torch?.applyConstraints({ advanced: [{ torch: light }] });
  };
  box.hidden = false;
  if (remembered()) turnOn();
}

// Whether this device scans by camera: then it starts with the page.
function remember(on) {
  try {
    localStorage.setItem("ghidanh.camera", on ? "on" : "");
  } catch {
    // Then it is asked every time.
  }
}

function remembered() {
  try {
    return localStorage.getItem("ghidanh.camera") === "on";
  } catch {
    return false;
  }
}

allowSound();
const code = document.getElementById("code");
if (code) listen(code, (text) => scan("scanner", { code: text }));
const box = document.getElementById("camera");
if (box) startCamera(box);
unsent.flush();
document.documentElement.dataset.scanner = "ready";
