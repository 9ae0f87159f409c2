// Reads the code of a place with this device's own camera; the page that it leads to pairs it.

import { startCamera } from "./viewfinder.js";

const CODE = /\/checkin\/pair\/[\w-]+$/;
const form = document.getElementById("pair");

startCamera(document.getElementById("camera"), async (code) => {
  if (!CODE.test(code)) return;
  form.elements.code.value = code;
  form.submit();
});

// Safari, but not the app on its home screen.
document.querySelector("[data-install]").hidden = navigator.standalone !== false;
