// Self check-in: the camera and a hand scanner, the same path of a scan, and nothing to press.

import { startApp } from "./app.js";
import { listen } from "./keyboard.js";
import { startReports } from "./report.js";
import { startRoster } from "./roster.js";
import { scan, unsent } from "./scans.js";
import { allowSound } from "./sounds.js";
import { startCamera } from "./viewfinder.js";

const HELD = 2000; // milliseconds that the way out is held down

// Guests who tap on it get nowhere.
function keepShut(link) {
  let timer = null;
  const letGo = () => clearTimeout(timer);
  link.addEventListener("click", (event) => event.preventDefault());
  link.addEventListener("contextmenu", (event) => event.preventDefault());
  for (const kind of ["pointerdown", "keydown"]) {
    link.addEventListener(kind, (event) => {
      if (event.repeat || (event.key && ![" ", "Enter"].includes(event.key))) return;
      letGo();
      timer = setTimeout(() => location.assign(link.href), HELD);
    });
  }
  for (const kind of ["pointerup", "pointerleave", "pointercancel", "keyup", "blur"]) {
    link.addEventListener(kind, letGo);
  }
}

// The staff's corner closes again by itself.
function shutAgain(corner) {
  let timer = null;
  corner.addEventListener("toggle", () => {
    clearTimeout(timer);
    if (!corner.open) corner.querySelector("summary").blur();
    else timer = setTimeout(() => { corner.open = false; }, 30_000);
  });
}

startApp();
allowSound();
for (const link of document.querySelectorAll("[data-hold]")) keepShut(link);
shutAgain(document.querySelector(".corner"));
listen(null, (text) => scan("kiosk", { code: text }));
startCamera(document.getElementById("camera"), (code) => scan("kiosk", { code }));
startRoster();
startReports();
unsent.now();
document.documentElement.dataset.scanner = "ready";
