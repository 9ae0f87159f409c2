// Reports that did not reach the server: kept on this device with their nonce until it has taken
// each, and sent together, oldest first.

import { read, write } from "./store.js";

const MOST = 200; // reports in one upload
const SOON = 3000; // milliseconds until the next try; twice as long after each that failed
const LATE = 30_000;

export class Unsent {
  // `send(reports)` gives their results in order; or nothing, if it did not get through; or
  // "broken", where the server fails at something in them. `settled(report, result)` hears each.
  constructor(send, settled, changed) {
    Object.assign(this, { send, settled, changed });
    this.count = 0;
    this.size = MOST;
    this.pause = SOON;
    this.busy = null;
    this.ready = this.recount().catch(() => {});
    addEventListener("online", () => this.now());
    this.wait();
  }

  // On the disk when this resolves, together with whom the device let in by itself.
  async keep(report, passage) {
    const seen = passage && [passage.bearer, passage.checkpoint, passage.day];
    await write(["reports", "passages"], ({ reports, passages }) => {
      reports.add({ ...report, seen });
      if (passage) passages.put(passage);
    });
    await this.recount();
  }

  // The guest did not go in after all.
  async takeBack(report) {
    const decided = { kind: "help", reason: "turned_back" };
    await write(["reports", "passages"], ({ reports, passages }) => {
      reports.put({ ...report, decided, seen: null });
      if (report.seen) passages.delete(report.seen);
    });
    await this.recount();
  }

  now() {
    this.pause = SOON;
    return this.flush();
  }

  flush() {
    this.busy ??= this.sendAll().catch(() => {}).finally(() => { this.busy = null; });
    return this.busy;
  }

  async sendAll() {
    for (;;) {
      const reports = await read("reports", (store) => store.getAll(null, this.size));
      if (!reports.length) break;
      const results = await this.send(reports.map(({ number, seen, ...report }) => report));
      if (results === "broken") await this.narrow(reports);
      if (!Array.isArray(results)) return this.later();
      await this.settle(reports, results);
    }
    this.pause = SOON;
    this.size = MOST;
  }

  // What the server has is let go; what it could not understand is kept here too, set aside.
  async settle(reports, results) {
    await write(["reports", "strays"], (stores) => {
      reports.forEach((report, i) => {
        stores.reports.delete(report.number);
        if (results[i].errors) stores.strays.put({ ...report, errors: results[i].errors });
      });
    });
    await this.recount();
    reports.forEach((report, i) => this.settled(report, results[i]));
  }

  // Fewer at a time, until the one that breaks the upload is alone; then the others go first.
  async narrow([first, ...others]) {
    this.size = Math.max(1, Math.floor((others.length + 1) / 2));
    if (others.length) return;
    const { number, ...report } = first;
    await write(["reports"], ({ reports }) => {
      reports.delete(number);
      reports.add(report);
    });
  }

  later() {
    this.pause = Math.min(this.pause * 2, LATE);
  }

  wait() {
    const some = this.pause * (0.75 + Math.random() / 2); // not all devices at once
    setTimeout(async () => {
      await this.flush();
      this.wait();
    }, some);
  }

  async recount() {
    this.count = await read("reports", (store) => store.count());
    this.changed(this.count);
  }
}
