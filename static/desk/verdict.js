// Shows a verdict over the whole screen: colour, sign, words and sound at once.

import { play } from "./sounds.js";

// Milliseconds until the screen is free again; others stay until they are closed or the next scan.
const STAYS = { in: 2500, back: 2500, out: 2500, extra: 4000 };
const counting = document.getElementById("headcount");
const SETTLE = 300; // milliseconds in which a press still finds everything in its place

export class VerdictScreen {
  constructor(section) {
    this.section = section;
    this.timer = null;
    this.left = null; // where the focus was when Tab led to it
    this.nonce = "";
    section.addEventListener("click", (event) => {
      if (event.target.closest("[data-close]")) this.close();
      else if (event.target.closest(".verdict-foot")) return;
      else if (section.matches(".asking")) section.classList.remove("asking");
      else this.close();
    });
    section.addEventListener("focusin", (event) => {
      clearTimeout(this.timer);
      if (event.target.closest(".override")) setTimeout(() => this.makeRoom(), SETTLE);
    });
    document.addEventListener("keydown", (event) => this.key(event));
  }

  // What lies under it is covered: Tab goes to what can be pressed on it, Escape puts it away.
  key(event) {
    if (this.section.hidden) return;
    if (event.key === "Escape") return this.close();
    if (event.key !== "Tab" || this.section.contains(document.activeElement)) return;
    const stops = [...this.section.querySelectorAll("a, button, summary, input:not([type=hidden])")];
    const seen = stops.filter((stop) => stop.checkVisibility());
    if (!seen.length) return;
    event.preventDefault();
    this.left = document.activeElement;
    seen.at(event.shiftKey ? -1 : 0).focus();
  }

  show(verdict) {
    clearTimeout(this.timer);
    const { section } = this;
    this.nonce = verdict.nonce ?? "";
    section.className = `verdict ${verdict.kind}`;
    section.querySelector(".verdict-icon use").setAttribute("href", `#icon-${verdict.kind}`);
    for (const slot of section.querySelectorAll("[data-slot]")) {
      slot.textContent = verdict[slot.dataset.slot] ?? "";
    }
    section.querySelector(".verdict-category rect").setAttribute("fill", verdict.colour ?? "none");
    this.tell("");
    this.offer(verdict);
    section.hidden = false;
    section.scrollTop = 0;
    document.querySelector("main > .verdict")?.remove(); // one that came as a page
    play(verdict.kind);
    const stays = verdict.walked_in || verdict.whose || verdict.party || verdict.companions ? 0 : STAYS[verdict.kind];
    if (stays) this.timer = setTimeout(() => this.close(), stays);
    document.dispatchEvent(new CustomEvent("verdict"));
    if (verdict.walked_in) this.part("print").focus();
  }

  // For the reason and its button above a phone's keyboard; not under a finger that is pressing.
  makeRoom() {
    const asking = this.section.querySelector(".override :focus");
    this.section.classList.toggle("asking", Boolean(asking));
  }

  part(name) {
    return this.section.querySelector(`[data-${name}]`);
  }

  // What can be done next: print, details, sign in, take back, let in all the same.
  offer(verdict) {
    const offered = {
      print: verdict.walked_in,
      next: !verdict.walked_in,
      "next-walk-in": verdict.walked_in,
      details: verdict.attendee && !verdict.walked_in,
      whose: verdict.whose,
      party: verdict.party,
      count: verdict.companions && ["in", "extra"].includes(verdict.kind) && counting,
      choose: verdict.reason === "nowhere",
      "sign-in": verdict.reason === "signed_out",
      undo: verdict.scan_id && ["in", "back", "extra", "out"].includes(verdict.kind),
      override: verdict.may_override,
    };
    for (const [name, on] of Object.entries(offered)) this.part(name).hidden = !on;
    this.part("print").href = `/checkin/badge/${verdict.attendee}.pdf`;
    this.part("details").href = `/checkin/people/${verdict.attendee}`;
    this.part("party").href = verdict.party ?? "";
    this.part("party").textContent = verdict.party_words ?? "";
    this.count(verdict.companions);
    this.part("whose").href = `/checkin/blanks/${verdict.whose}`;
    this.part("undo").querySelector("details").open = false;
    this.part("undo").querySelector("[name=scan]").value = verdict.scan_id ?? "";
    const who = this.part("override").querySelector("[name=attendee]");
    if (who) who.form.reset(), (who.value = verdict.attendee ?? "");
  }

  // Those who come along are counted by one press, where this page counts guests without a badge.
  count(people) {
    const button = this.part("count");
    button.disabled = false;
    button.querySelector("span").textContent = `+${people}`;
    button.onclick = () => {
      button.disabled = true;
      document.dispatchEvent(new CustomEvent("count-along", { detail: people }));
    };
  }

  // Words about what was just pressed on it.
  tell(words) {
    this.part("told").textContent = words;
    this.part("told").hidden = !words;
  }

  // Whether it still shows the scan of this nonce as not checked.
  awaits(nonce) {
    return !this.section.hidden && this.nonce === nonce;
  }

  close() {
    clearTimeout(this.timer);
    if (this.section.hidden) return;
    this.section.hidden = true;
    this.section.querySelector("details").open = false;
    if (this.left?.isConnected) this.left.focus();
    this.left = null;
    if (!document.querySelector("main").innerText.trim()) return location.assign("/checkin/");
    document.dispatchEvent(new CustomEvent("verdict"));
  }
}
