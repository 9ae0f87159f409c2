// Scans that did not reach the server: kept on this device with their nonce, and sent again.

const KEY = "ghidanh.unsent";
const PAUSE = 5000; // milliseconds between two tries
let memory = []; // where the browser keeps nothing

function load() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch {
    return memory;
  }
}

function save(reports) {
  memory = reports;
  try {
    localStorage.setItem(KEY, JSON.stringify(reports));
  } catch {
    // Full, or forbidden: memory has to do.
  }
}

export class Unsent {
  // `send(report)` resolves to true once the server has answered it for good.
  constructor(send, changed) {
    this.send = send;
    this.changed = changed;
    this.busy = false;
    addEventListener("online", () => this.flush());
    setInterval(() => this.flush(), PAUSE);
    changed(load().length);
  }

  keep(report) {
    if (load().some((kept) => kept.nonce === report.nonce)) return;
    save([...load(), report]);
    this.changed(load().length);
  }

  async flush() {
    if (this.busy) return;
    this.busy = true;
    try {
      for (const report of load()) {
        if (!(await this.send(report))) break;
        save(load().filter((kept) => kept.nonce !== report.nonce));
        this.changed(load().length);
      }
    } finally {
      this.busy = false;
    }
  }
}
