// The box by which a supervisor takes, opens and erases the list, and what the search finds in it.

import { erase, find, held, known, possible, renewList, take, unlock } from "./held.js";
import { findsHere } from "./search.js";
import { desk } from "./site.js";

const OFTEN = 10 * 60_000; // milliseconds from one renewal to the next
const SHORTEST = 8; // characters of a passphrase
const FEWEST = 2; // letters to search for

const panel = document.getElementById("held");
const part = (name) => panel.querySelector(`[data-${name}]`);
const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: desk.zone };
const number = new Intl.NumberFormat(document.documentElement.lang);

async function show(told = "") {
  const [list, here] = [held(), await known()];
  const state = list ? "open" : here ? "closed" : "none";
  for (const each of panel.querySelectorAll("[data-when]")) {
    each.hidden = !each.dataset.when.split(" ").includes(state);
  }
  panel.dataset.state = state;
  part("count").textContent = list ? number.format(list.count) : "";
  part("at").textContent = list ? new Date(list.at).toLocaleTimeString("vi", clock) : "";
  tell(told);
}

function tell(words) {
  part("told").textContent = words;
  part("told").hidden = !words;
}

const FAILED = { barred: "heldBarred", over: "heldOver", failed: "heldFailed" };

async function use(passphrase) {
  if (passphrase.length < SHORTEST) return tell(panel.dataset.short);
  if (panel.dataset.state === "closed") {
    return show((await unlock(passphrase)) ? "" : panel.dataset.wrong);
  }
  const came = await take(passphrase);
  return show(came in FAILED ? panel.dataset[FAILED[came]] : "");
}

async function submit(event) {
  event.preventDefault();
  const field = part("passphrase");
  const button = event.submitter ?? part("form").querySelector("button");
  button.disabled = true;
  tell("");
  try {
    await use(field.value);
  } finally {
    button.disabled = false;
  }
  field.value = held() ? "" : field.value;
}

async function renew() {
  const was = held();
  const came = await renewList();
  if (was) show(came in FAILED && !held() ? panel.dataset[FAILED[came]] : "");
}

// The results as the server's look, from the template of the page.
function results(text) {
  if (!held()) return panel.dataset.state === "closed" ? note(panel.dataset.locked) : null;
  if (text.trim().length < FEWEST) return null;
  const { people, more } = find(text);
  if (!people.length) return note(panel.dataset.nobody);
  const list = document.createElement("ul");
  list.className = "people";
  list.append(...people.map(row));
  const from = note(`${panel.dataset.from} ${part("at").textContent}`);
  return [from, list, ...(more ? [note(panel.dataset.more)] : [])];
}

function row(person) {
  const item = part("row").content.cloneNode(true);
  item.querySelector("[data-name]").textContent = person.name;
  item.querySelector("[data-number]").textContent = String(person.number).padStart(5, "0");
  item.querySelector("[data-organisation]").textContent = person.organisation;
  const button = item.querySelector("button");
  if (button) {
    item.querySelector("[name=attendee]").value = person.number;
    button.setAttribute("aria-label", `${button.textContent}: ${person.name}`);
  }
  return item;
}

function note(words) {
  const line = document.createElement("p");
  line.className = "notice warn";
  line.textContent = words;
  return line;
}

// The scanner's page of somebody who may not have a list.
async function leaveToAnother() {
  if (document.getElementById("code") && (await known())) await erase();
}

export function startHeld() {
  if (!panel) return leaveToAnother();
  panel.hidden = false;
  if (!possible) return tell(panel.dataset.insecure);
  findsHere(results);
  part("form").addEventListener("submit", submit);
  part("erase").onclick = async () => {
    await erase();
    show();
  };
  document.addEventListener("barred", () => show(panel.dataset.heldBarred));
  addEventListener("online", renew);
  setInterval(renew, OFTEN);
  show();
}
