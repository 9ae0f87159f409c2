// What this device decided and has not sent yet, newest first, each with the way to take it back.

import { numberIn, titleOf } from "./roster.js";
import { desk } from "./site.js";
import { read } from "./store.js";

const SHOWN = 10;
const PASSING = ["in", "back", "extra", "out"];
const place = document.getElementById("kept");
const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: desk.zone };
let takeBack = async () => {};

export function takesBack(way) {
  takeBack = way;
}

export async function listKept() {
  if (!place) return;
  const reports = await read("reports", (store) => store.getAll());
  const scans = reports.filter((report) => report.decided).reverse().slice(0, SHOWN);
  place.replaceChildren(...(await Promise.all(scans.map(line))));
  place.hidden = scans.length === 0;
}

async function line(report) {
  const { kind, reason } = report.decided;
  const row = made("li", `scan ${kind}`);
  const who = made("p", "scan-who", await numberIn(report));
  const time = new Date(report.scanned_at).toLocaleTimeString("vi", clock);
  const words = made("div", "");
  words.append(who, made("p", "small soft", `${time} · ${titleOf(kind, reason)} · ${desk.provisional}`));
  row.append(words);
  if (PASSING.includes(kind)) row.append(button(report));
  return row;
}

function button(report) {
  const press = made("button", "", place.dataset.back);
  press.type = "button";
  press.onclick = () => takeBack(report);
  return press;
}

function made(name, kind, words = "") {
  const element = document.createElement(name);
  element.className = kind;
  element.textContent = words;
  return element;
}
