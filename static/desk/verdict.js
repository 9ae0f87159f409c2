// Shows a verdict over the whole screen: colour, sign, words and sound at once.

import { play } from "./sounds.js";

// Milliseconds until the screen is free again; others stay until they are closed or the next scan.
const STAYS = { in: 2500, back: 2500, extra: 4000 };

export class VerdictScreen {
  constructor(section) {
    this.section = section;
    this.timer = null;
    section.addEventListener("click", (event) => {
      if (event.target.closest("[data-close]") || !event.target.closest(".verdict-foot")) this.close();
    });
    section.addEventListener("focusin", () => clearTimeout(this.timer));
  }

  show(verdict) {
    clearTimeout(this.timer);
    const { section } = this;
    section.className = `verdict ${verdict.kind}`;
    section.querySelector(".verdict-icon use").setAttribute("href", `#icon-${verdict.kind}`);
    for (const slot of section.querySelectorAll("[data-slot]")) {
      slot.textContent = verdict[slot.dataset.slot] ?? "";
    }
    section.querySelector(".verdict-category").style.borderColor = verdict.colour ?? "";
    this.offer(verdict);
    section.hidden = false;
    play(verdict.kind);
    const stays = STAYS[verdict.kind];
    if (stays) this.timer = setTimeout(() => this.close(), stays);
    document.dispatchEvent(new CustomEvent("verdict"));
  }

  // What can be done next: details, sign in, take back, let in all the same.
  offer(verdict) {
    const part = (name) => this.section.querySelector(`[data-${name}]`);
    part("details").hidden = !verdict.attendee;
    part("details").href = `/checkin/people/${verdict.attendee}`;
    part("sign-in").hidden = verdict.reason !== "signed_out";
    const undo = part("undo");
    undo.hidden = !["in", "back", "extra"].includes(verdict.kind);
    undo.querySelector("details").open = false;
    undo.querySelector("[name=scan]").value = verdict.scan_id ?? "";
    const override = part("override");
    override.hidden = !verdict.may_override;
    const who = override.querySelector("[name=attendee]");
    if (who) who.value = verdict.attendee ?? "";
  }

  close() {
    clearTimeout(this.timer);
    if (this.section.hidden) return;
    this.section.hidden = true;
    this.section.querySelector("details").open = false;
    document.dispatchEvent(new CustomEvent("verdict"));
  }
}
