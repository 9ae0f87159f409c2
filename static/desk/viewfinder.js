// The camera's box: its buttons, its troubles, and what it has just seen.

import { Camera } from "./camera.js";
import { desk } from "./site.js";

const OUT_OF_VIEW = 2500; // milliseconds until a code that was read may be read again
const KEY = "ghidanh.camera"; // whether this device scans by camera: then it starts with the page
const LENS = "ghidanh.lens"; // which of its cameras

// `onCode(code)` gets what the camera has read.
export function startCamera(box, onCode) {
  const find = (selector) => box.querySelector(selector);
  const [start, stop, torch, trouble] = ["[data-start]", "[data-stop]", "[data-torch]", ".camera-trouble"].map(find);
  const lens = find("[data-lens]");
  let seen = { code: "", at: 0, busy: false };

  async function read(code) {
    const fresh = code !== seen.code || Date.now() - seen.at > OUT_OF_VIEW;
    seen.at = Date.now();
    if (!fresh || seen.busy) return;
    seen = { code, at: Date.now(), busy: true };
    await onCode(code).finally(() => { seen.busy = false; });
  }

  function complain(kind) {
    trouble.textContent = desk[`camera${kind[0].toUpperCase()}${kind.slice(1)}`];
    trouble.hidden = false;
  }

  const camera = new Camera(find("video"), { onCode: read, onTrouble: complain, onPicture: sees });

  function sees() {
    trouble.hidden = true;
    torch.hidden = !camera.torch;
    torch.classList.remove("lit");
    navigator.wakeLock?.request("screen").catch(() => {});
    offerLenses();
  }

  // Only where there is a choice.
  async function offerLenses() {
    const lenses = await camera.lenses();
    const used = camera.track?.getSettings().deviceId;
    lens.replaceChildren(...lenses.map(({ deviceId, label }, at) =>
      new Option(label || `${lens.dataset.unnamed} ${at + 1}`, deviceId, false, deviceId === used)));
    lens.parentElement.hidden = lenses.length < 2 || !camera.wanted;
  }

  async function turnOn() {
    trouble.hidden = true;
    start.disabled = true;
    const on = await camera.start(kept(LENS));
    start.disabled = false;
    show(on);
  }

  function show(on) {
    box.classList.toggle("on", on);
    start.hidden = on;
    stop.hidden = !on;
    torch.hidden = !on || !camera.torch;
    if (!on) lens.parentElement.hidden = true;
    keep(KEY, on ? "on" : "");
  }

  start.onclick = turnOn;
  stop.onclick = () => { camera.stop(); show(false); };
  torch.onclick = () => {
    const light = !torch.classList.contains("lit");
    torch.classList.toggle("lit", light);
    camera.torch?.applyConstraints({ advanced: [{ torch: light }] });
  };
  lens.onchange = () => {
    keep(LENS, lens.value);
    lens.blur();
    turnOn();
  };
  box.hidden = false;
  if (!camera.possible) {
    start.hidden = true;
    box.classList.add("impossible");
    complain("insecure");
  } else if (kept(KEY) === "on") {
    turnOn();
  }
}

function keep(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Then it is asked every time.
  }
}

function kept(key) {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}
