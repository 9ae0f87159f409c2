// The camera's box on the scanner's page: its buttons, its troubles, and what it has just seen.

import { Camera } from "./camera.js";
import { desk } from "./site.js";

const OUT_OF_VIEW = 2500; // milliseconds until a code that was read may be read again
const KEY = "ghidanh.camera"; // whether this device scans by camera: then it starts with the page

// `onCode(code)` gets what the camera has read.
export function startCamera(box, onCode) {
  const find = (selector) => box.querySelector(selector);
  const [start, stop, torch, trouble] = ["[data-start]", "[data-stop]", "[data-torch]", ".camera-trouble"].map(find);
  let seen = { code: "", at: 0, busy: false };

  const camera = new Camera(find("video"), async (code) => {
    const fresh = code !== seen.code || Date.now() - seen.at > OUT_OF_VIEW;
    seen.code = code;
    seen.at = Date.now();
    if (!fresh || seen.busy) return;
    seen.busy = true;
    await onCode(code).finally(() => { seen.busy = false; });
  }, complain);

  function complain(kind) {
    trouble.textContent = desk[`camera${kind[0].toUpperCase()}${kind.slice(1)}`];
    trouble.hidden = false;
  }

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
  if (!camera.possible) {
    start.hidden = true;
    box.classList.add("impossible");
    complain("insecure");
  } else if (remembered()) {
    turnOn();
  }
}

function remember(on) {
  try {
    localStorage.setItem(KEY, on ? "on" : "");
  } catch {
    // Then it is asked every time.
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
}
