// The phone's camera: the browser's own reader where it has one, else zxing as WebAssembly.

const PAUSE = 80; // milliseconds between two looks
const LARGEST = 720; // pixels of the square in the middle that is read

export class Camera {
  // `onCode(text)` for each reading; `onTrouble(kind)` for insecure, denied, none, busy, reader.
  constructor(video, onCode, onTrouble) {
    Object.assign(this, { video, onCode, onTrouble });
    this.canvas = document.createElement("canvas");
    this.stream = null;
  }

  // Browsers offer a camera on secure pages only.
  get possible() {
    return Boolean(navigator.mediaDevices?.getUserMedia);
  }

  async start() {
    if (!this.possible) return this.onTrouble("insecure");
    try {
      this.read ??= await makeReader();
    } catch {
      return this.onTrouble("reader");
    }
    try {
      const wish = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
      this.stream = await navigator.mediaDevices.getUserMedia({ video: wish, audio: false });
    } catch (error) {
      return this.onTrouble(trouble(error));
    }
    this.video.srcObject = this.stream;
    await this.video.play();
    this.look();
    return true;
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }

  get torch() {
    const track = this.stream?.getVideoTracks()[0];
    return track?.getCapabilities?.().torch ? track : null;
  }

  async look() {
    if (!this.stream) return;
    if (!document.hidden && this.video.videoWidth) {
      try {
        const code = await this.read(this.middle());
        if (code) this.onCode(code);
      } catch {
        // One bad frame; the next comes at once.
      }
    }
    setTimeout(() => this.look(), PAUSE);
  }

  // The square in the middle of the picture, on the canvas.
  middle() {
    const { videoWidth: width, videoHeight: height } = this.video;
    const side = Math.min(width, height);
    const size = Math.min(side, LARGEST);
    this.canvas.width = this.canvas.height = size;
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, size, size);
    return this.canvas;
  }
}

function trouble(error) {
  if (error.name === "NotAllowedError" || error.name === "SecurityError") return "denied";
  return error.name === "NotFoundError" || error.name === "OverconstrainedError" ? "none" : "busy";
}

async function makeReader() {
  const kinds = (await globalThis.BarcodeDetector?.getSupportedFormats?.()) ?? [];
  if (kinds.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (canvas) => (await detector.detect(canvas))[0]?.rawValue;
  }
  const zxing = await import("../vendor/zxing/reader/index.js");
  const wasm = new URL("../vendor/zxing/reader/zxing_reader.wasm", import.meta.url).href;
  await zxing.prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  const options = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 };
  return async (canvas) => {
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const picture = context.getImageData(0, 0, canvas.width, canvas.height);
    return (await zxing.readBarcodes(picture, options))[0]?.text;
  };
}
