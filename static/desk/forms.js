// The door's forms, sent without leaving the page: letting in, taking back, registering a walk-in.

import { forgetLast, scan, screen } from "./scans.js";
import { clearSearch } from "./search.js";
import { desk, post, scanned } from "./site.js";

const REST = 1000; // milliseconds until a button may be pressed again
const FORM = { "Content-Type": "application/x-www-form-urlencoded" };
const ENDED = { 400: desk.staleTitle, 401: desk.signedOutTitle };

async function letIn(form) {
  const words = { attendee: Number(form.elements.attendee.value) };
  const reason = form.elements.override?.value.trim();
  const button = form.querySelector("button");
  button.disabled = true;
  await scan("search", reason ? { ...words, override: reason } : words);
  if (form.closest("#found")) clearSearch();
  setTimeout(() => { button.disabled = false; }, REST);
}

async function takeBack(form, reason) {
  const fields = new URLSearchParams({ scan: form.elements.scan.value, reason });
  try {
    const response = await post("/checkin/undo", fields, { ...FORM, "HX-Request": "true" });
    if (!response.ok) return screen.tell(ENDED[response.status] ?? words(await response.text()));
  } catch {
    return screen.tell(desk.notTakenBack);
  }
  screen.close();
  scanned();
}

const parse = (html) => new DOMParser().parseFromString(html, "text/html");
const words = (html) => parse(html).body.textContent.trim();

async function register(form, submitter) {
  const fields = new URLSearchParams(new FormData(form, submitter));
  const told = form.querySelector("[data-failed]");
  const button = form.querySelector("button:not([type])");
  told.hidden = button.disabled = true;
  const failure = await sendWalkIn(form.action, fields);
  button.disabled = false;
  if (!failure || !form.isConnected) return;
  told.textContent = failure;
  told.hidden = false;
  button.scrollIntoView({ block: "nearest" });
}

// Why it did not get through, or nothing.
async function sendWalkIn(address, fields) {
  const accept = { Accept: "application/json, text/html;q=0.9" };
  try {
    const response = await post(address, fields, { ...FORM, ...accept });
    if (response.ok) {
      screen.show(await response.json());
      scanned();
      showForm(await (await fetch(address)).text());
      screen.part("print").focus();
    } else if ([409, 422].includes(response.status)) {
      showForm(await response.text());
    } else {
      return response.status === 401 ? desk.walkInSignedOut : desk.walkInFailed;
    }
  } catch {
    return desk.walkInFailed;
  }
}

// The page as the server sees it now, opened where something is to be put right.
function showForm(html) {
  const main = document.querySelector("main");
  const page = parse(html);
  desk.token = page.getElementById("desk").dataset.token;
  main.replaceChildren(...page.querySelector("main").childNodes);
  const place = main.querySelector(".notice[role=alert]") ?? main.querySelector("[autofocus]");
  main.querySelector("[autofocus]")?.focus({ preventScroll: true });
  place?.scrollIntoView({ block: "center" });
}

export function listenToForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const undo = form.getAttribute("action") === "/checkin/undo";
    if (undo || form.matches("[data-scan]")) forgetLast();
    if (form.matches("[data-scan]")) letIn(form);
    else if (undo && form.closest("#verdict")) takeBack(form, event.submitter?.value ?? "");
    else if (form.matches("[data-walk-in]")) register(form, event.submitter);
    else return;
    event.preventDefault();
  });
  // The next guest is typed at once.
  document.addEventListener("verdict", () => {
    if (screen.section.hidden) document.querySelector(".walk-in [autofocus]")?.focus();
  });
  // A reason pressed in a list, without a network.
  document.addEventListener("htmx:error", (event) => {
    const form = event.target.closest?.(".undo form");
    if (form) form.querySelector(".undo-why").textContent = desk.notTakenBack;
  });
}
