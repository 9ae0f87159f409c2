// The verdict at a kiosk, for the guest alone: a welcome, or the way to the help desk.

import { play } from "./sounds.js";

const STAYS = { welcome: 5000, again: 4000, help: 8000 }; // milliseconds
const PRINTING = 9000; // time to read where the badge is printed
const ADMITTING = ["in", "back", "extra"];

export class Welcome {
  constructor(section) {
    this.section = section;
    this.timer = null;
    section.addEventListener("click", () => this.close());
  }

  show(verdict) {
    clearTimeout(this.timer);
    const admitted = ADMITTING.includes(verdict.kind);
    const shown = admitted ? "welcome" : verdict.kind === "again" ? "again" : "help";
    // The server alone says who it is and where the badge is printed.
    const named = admitted && "printer" in verdict;
    this.say("name", named ? verdict.name : "");
    this.say("printer", named ? verdict.printer : "");
    this.section.querySelector("[data-ready]").hidden = !verdict.ready;
    this.say("along", admitted && verdict.companions ? `+${verdict.companions}` : "");
    for (const part of this.section.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== shown;
    this.section.className = `welcome ${shown}`;
    this.section.hidden = false;
    play(admitted ? "in" : shown);
    this.timer = setTimeout(() => this.close(), named && (verdict.printer || verdict.ready) ? PRINTING : STAYS[shown]);
    document.dispatchEvent(new CustomEvent("verdict"));
  }

  say(slot, words) {
    const place = this.section.querySelector(`[data-${slot}]`);
    place.textContent = words ?? "";
    place.closest("[data-with]").hidden = !words;
  }

  // The guest went on: what is heard later changes nothing on this screen.
  awaits() {
    return false;
  }

  close() {
    clearTimeout(this.timer);
    this.section.hidden = true;
  }
}
