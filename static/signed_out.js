// Nothing of the door stays on a device that somebody signed out of, but scans not sent yet.

import { write } from "./desk/store.js";

globalThis.caches?.delete("ghidanh-door-page");
write(["facts", "passages"], ({ facts, passages }) => {
  facts.clear();
  passages.clear();
}).catch(() => {});
