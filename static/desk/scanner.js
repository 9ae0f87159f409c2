// Every page of the door: wherever a badge is scanned, it is decided at this device's checkpoint.

import { startApp } from "./app.js";
import { NUMBER } from "./badge.js";
import { listenToForms } from "./forms.js";
import { listenToHeadcount } from "./headcount.js";
import { startHeld } from "./held_panel.js";
import { takesBack } from "./kept.js";
import { listen } from "./keyboard.js";
import { startReports } from "./report.js";
import { startRoster } from "./roster.js";
import { scan, unsent } from "./scans.js";
import { look, searches } from "./search.js";
import { siteTime } from "./site.js";
import { allowSound } from "./sounds.js";
import { startCamera } from "./viewfinder.js";
import { startWay } from "./way.js";

const MINUTE = 60_000;
// A page that wants one scan for itself, such as the blank badge that somebody gets.
const taker = document.querySelector("form[data-takes-scan]");

async function take(code) {
  taker.elements.code.value = code;
  taker.submit();
}

// A session long over, or far off: the page may have been open since.
function warnOffHours() {
  for (const bar of document.querySelectorAll(".off-hours")) {
    const { from, until } = bar.dataset;
    bar.hidden = from ? siteTime() <= new Date(from) : siteTime() >= new Date(until);
  }
}

startApp();
startWay();
allowSound();
listenToForms();
listenToHeadcount();
startHeld();
listen(document.getElementById("code"), (text) => {
  if (taker) take(text);
  // It proves nothing, so the person is looked up.
  else if (searches && NUMBER.test(text)) look(text);
  else scan("scanner", { code: text });
});
const box = document.getElementById("camera");
if (box) startCamera(box, taker ? take : (code) => scan("camera", { code }));
warnOffHours();
setInterval(warnOffHours, MINUTE);
startRoster();
startReports();
takesBack((report) => unsent.takeBack(report));
unsent.now();
document.documentElement.dataset.scanner = "ready";
