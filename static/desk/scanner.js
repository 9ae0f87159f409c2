// Every page of the door: wherever a badge is scanned, it is decided at this device's checkpoint.

import { listenToForms } from "./forms.js";
import { listen } from "./keyboard.js";
import { scan, sendKept } from "./scans.js";
import { look, searches } from "./search.js";
import { siteTime } from "./site.js";
import { allowSound } from "./sounds.js";
import { startCamera } from "./viewfinder.js";

const MINUTE = 60_000;
// The number below a badge, typed by hand: it proves nothing, so the person is looked up.
const NUMBER = /^\d{1,8}$/;

// A session long over, or far off: the page may have been open since.
function warnOffHours() {
  for (const bar of document.querySelectorAll(".off-hours")) {
    const { from, until } = bar.dataset;
    bar.hidden = from ? siteTime() <= new Date(from) : siteTime() >= new Date(until);
  }
}

allowSound();
listenToForms();
listen(document.getElementById("code"), (text) => {
  if (searches && NUMBER.test(text)) look(text);
  else scan("scanner", { code: text });
});
const box = document.getElementById("camera");
if (box) startCamera(box);
warnOffHours();
setInterval(warnOffHours, MINUTE);
sendKept();
document.documentElement.dataset.scanner = "ready";
