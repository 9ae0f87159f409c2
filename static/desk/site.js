// What the door's scripts share: the words and the time of this page, and how things are sent.

const PATIENCE = 8000; // milliseconds until something counts as not sent

export const desk = document.getElementById("desk").dataset;

// The site's clock rules, not this device's.
const ahead = desk.time ? Date.parse(desk.time) - Date.now() : 0;
export const siteTime = () => new Date(Date.now() + ahead);

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
