// Reads codes out of pictures in a thread of its own, so that the page never waits for it: the
// browser's own reader where it has one, else zxing as WebAssembly. It fetches nothing itself: the
// service worker answers the page, not this thread. First comes the WebAssembly, then pictures.

import { prepareZXingModule, readBarcodes } from "/static/vendor/zxing/reader/index.js";

const OPTIONS = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 };

let reader = null;
let canvas = null;

async function makeReader(wasmBinary) {
  const kinds = (await self.BarcodeDetector?.getSupportedFormats?.()) ?? [];
  if (kinds.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (picture) => (await detector.detect(picture))[0]?.rawValue;
  }
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  return async (picture) => (await readBarcodes(pixels(picture), OPTIONS))[0]?.text;
}

// An ImageBitmap has none to look at until it is drawn.
function pixels(picture) {
  if (picture instanceof ImageData) return picture;
  const { width, height } = picture;
  if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0);
  return context.getImageData(0, 0, width, height);
}

async function begin(wasm) {
  try {
    reader = await makeReader(wasm);
    postMessage({ ready: true });
  } catch {
    postMessage({ failed: true });
  }
}

async function read(picture) {
  let code;
  try {
    code = await reader(picture);
  } catch {
    // One bad picture; the next comes at once.
  }
  picture.close?.();
  postMessage({ code: code || "" });
}

addEventListener("message", ({ data }) => (data instanceof ArrayBuffer ? begin(data) : read(data)));
