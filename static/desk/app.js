// Makes the scanner an app of this device, and takes over a new version while nobody is scanning.

import { desk } from "./site.js";

const QUIET = 15_000; // milliseconds without a key, a touch or a scan
const installed = navigator.serviceWorker;
let touched = Date.now();
let waits = false;

const quiet = () =>
  Date.now() - touched > QUIET &&
  document.getElementById("verdict").hidden &&
  ![...document.querySelectorAll("main input:not([type=hidden])")].some((field) => field.value !== field.defaultValue);

function startAnew() {
  if (waits && (document.hidden || quiet())) location.reload();
}

// The page was opened from what this device holds, since another one needs the server.
function tellWhy() {
  document.getElementById("needs-server").hidden = location.hash !== "#offline";
}

export async function startApp() {
  tellWhy();
  addEventListener("hashchange", tellWhy);
  document.addEventListener("roster", () => {
    if (location.hash === "#offline") history.replaceState(null, "", location.pathname);
    tellWhy();
  });
  if (!installed) return;
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(kind, () => { touched = Date.now(); }, { capture: true });
  }
  const before = installed.controller;
  installed.addEventListener("controllerchange", () => { waits = Boolean(before); });
  setInterval(startAnew, 1000);
  document.addEventListener("barred", () => installed.controller?.postMessage("let go"));
  document.addEventListener("roster", ({ detail }) => {
    if (detail.app !== desk.version) installed.getRegistration().then((known) => known?.update());
  });
  await installed.register("/checkin/sw.js", { updateViaCache: "none" }).catch(() => {});
  if (desk.time) installed.controller?.postMessage("hold"); // this page came from the server
}
