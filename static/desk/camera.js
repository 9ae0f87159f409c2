// The device's cameras: pictures of the square in the middle go to a reader in a thread of its own,
// and a camera that was unplugged or taken away by the phone's lock is started again.

const APART = 50; // milliseconds from one picture that is read to the next
const LARGEST = 720; // pixels of the square in the middle that is read
const AGAIN = 2000; // milliseconds until a camera that was lost is looked for again
const WASM = new URL("../vendor/zxing/reader/zxing_reader.wasm", import.meta.url);
const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } };

export class Camera {
  // `onCode(text)` for each reading; `onTrouble(kind)` for insecure, denied, none, busy, reader,
  // lost; `onPicture()` whenever a camera has begun to see.
  constructor(video, { onCode, onTrouble, onPicture }) {
    Object.assign(this, { video, onCode, onTrouble, onPicture });
    this.stream = null;
    this.wanted = false;
    this.lens = ""; // which camera, if one was chosen
    this.readFor = 0; // the time of the last picture that was read
    document.addEventListener("visibilitychange", () => this.lookAfter());
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.lookAfter());
  }

  // Browsers offer a camera on secure pages only.
  get possible() {
    return Boolean(navigator.mediaDevices?.getUserMedia);
  }

  // Resolves to whether a camera sees.
  async start(lens = this.lens) {
    if (!this.possible) return this.fail("insecure");
    this.wanted = true;
    this.lens = lens;
    try {
      this.reader ??= await startReader((code) => this.answer(code));
    } catch {
      return this.fail("reader");
    }
    try {
      await this.open();
    } catch (error) {
      return this.fail(trouble(error));
    }
    return true;
  }

  async open() {
    this.release();
    const { facing } = this.video.dataset; // a kiosk looks at whoever stands before it
    this.stream = await openLens(this.lens, facing).catch((error) => {
      if (!this.lens || !["NotFoundError", "OverconstrainedError"].includes(error.name)) throw error;
      return openLens("", facing);
    });
    const stream = this.stream;
    this.track.addEventListener("ended", () => this.stream === stream && this.lose());
    this.video.srcObject = stream;
    await this.video.play();
    this.onPicture();
    this.watch(stream);
  }

  get track() {
    return this.stream?.getVideoTracks()[0];
  }

  stop() {
    this.wanted = false;
    this.release();
  }

  fail(kind) {
    this.stop();
    this.onTrouble(kind);
    return false;
  }

  release() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }

  // Unplugged, or taken by another program: back as soon as there is one again.
  lose() {
    this.release();
    this.onTrouble("lost");
    this.lookAfter();
  }

  async lookAfter() {
    clearTimeout(this.again);
    const sees = this.track?.readyState === "live" && !this.track.muted && !this.video.paused;
    if (!this.wanted || document.hidden || sees) return;
    try {
      await this.open();
    } catch {
      this.again = setTimeout(() => this.lookAfter(), AGAIN);
    }
  }

  get torch() {
    return this.track?.getCapabilities?.().torch ? this.track : null;
  }

  // Cameras of this device, by name; known only after one was started.
  async lenses() {
    const devices = (await navigator.mediaDevices.enumerateDevices?.()) ?? [];
    return devices.filter((device) => device.kind === "videoinput" && device.deviceId);
  }

  // Each new picture, as long as this stream is the one that is seen.
  watch(stream) {
    const next = () => {
      if (this.stream !== stream) return;
      this.read();
      this.watch(stream);
    };
    if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(next);
    else setTimeout(next, APART);
  }

  async read() {
    const now = performance.now();
    if (this.reading || document.hidden || !this.video.videoWidth || now - this.readFor < APART) return;
    this.reading = true;
    this.readFor = now;
    try {
      const picture = await middle(this.video);
      this.reader.postMessage(picture, [picture instanceof ImageData ? picture.data.buffer : picture]);
    } catch {
      this.reading = false; // one bad picture; the next comes at once
    }
  }

  answer(code) {
    this.reading = false;
    if (code && this.stream) this.onCode(code);
  }
}

function openLens(lens, facing = "environment") {
  const which = lens ? { deviceId: { exact: lens } } : { facingMode: facing };
  return navigator.mediaDevices.getUserMedia({ video: { ...which, ...SIZE }, audio: false });
}

// The square in the middle of the picture, no larger than need be.
async function middle(video) {
  const { videoWidth: width, videoHeight: height } = video;
  const side = Math.min(width, height);
  const size = Math.min(side, LARGEST);
  const cut = [(width - side) / 2, (height - side) / 2, side, side];
  if (globalThis.OffscreenCanvas) {
    return createImageBitmap(video, ...cut, { resizeWidth: size, resizeHeight: size });
  }
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(video, ...cut, 0, 0, size, size);
  return context.getImageData(0, 0, size, size);
}

// Once the reader can read; rejects where it cannot be loaded.
async function startReader(onCode) {
  const answer = await fetch(WASM);
  if (!answer.ok) throw new Error("reader");
  const wasm = await answer.arrayBuffer();
  return new Promise((resolve, reject) => {
    const reader = new Worker("/checkin/reading.js", { type: "module" });
    reader.postMessage(wasm, [wasm]);
    reader.onerror = reject;
    reader.onmessage = ({ data }) => {
      if (data.ready) resolve(reader);
      else if (data.failed) reject(new Error("reader"));
      else onCode(data.code);
    };
  });
}

function trouble(error) {
  if (error.name === "NotAllowedError" || error.name === "SecurityError") return "denied";
  return error.name === "NotFoundError" || error.name === "OverconstrainedError" ? "none" : "busy";
}
