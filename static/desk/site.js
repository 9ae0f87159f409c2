// What the door's scripts share: the words and the time of this page, and how things are sent.

const PATIENCE = 8000; // milliseconds until something counts as not sent
const CLOCK = "ghidanh.ahead";

export const desk = document.getElementById("desk").dataset;

// The site's clock rules, not this device's: how far it is ahead, as of the last answer.
let ahead = desk.time ? Date.parse(desk.time) - Date.now() : Number(recalled(CLOCK)) || 0;
let heard = { at: Date.now() + ahead, running: performance.now() };
// A clock that is set back meanwhile does not set the time back.
export const siteTime = () =>
  new Date(Math.max(Date.now() + ahead, heard.at + performance.now() - heard.running));
export const deviceAhead = () => -Math.round(ahead); // milliseconds

// The server wrote `at` between `asked` and now.
export function hearTime(at, asked) {
  ahead = Date.parse(at) - (asked + Date.now()) / 2;
  heard = { at: Date.now() + ahead, running: performance.now() };
  try {
    localStorage.setItem(CLOCK, String(Math.round(ahead)));
  } catch {
    // Full, or forbidden: known to this page alone.
  }
}

function recalled(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

// When something happened here: by the site's clock and by this device's own.
export const moments = (name) => ({
  [name]: siteTime().toISOString(),
  device_at: new Date().toISOString(),
});

// randomUUID exists on secure pages only; this exists everywhere.
export function newNonce() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function post(address, body, headers, patience = PATIENCE) {
  return fetch(address, {
    method: "POST",
    headers: { "X-CSRFToken": desk.token, ...headers },
    body,
    signal: AbortSignal.timeout(patience),
  });
}

// Lists of scans listen for this.
export function scanned() {
  document.body.dispatchEvent(new CustomEvent("scanned"));
}
