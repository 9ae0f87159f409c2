// Scans made without a network that were refused once they arrived: in sight until dismissed,
// on whichever page of the door this device is.

const KEY = "ghidanh.late";

function load() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
}

export class Late {
  constructor(box, zone) {
    this.box = box;
    this.zone = zone;
    this.refusals = load();
    box.querySelector("button").onclick = () => this.keep([]);
    this.show();
  }

  // `about` is a badge's number: no name stays on the device.
  add(report, about, { why, title }) {
    const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: this.zone };
    const time = new Date(report.scanned_at ?? report.counted_at).toLocaleTimeString("vi", clock);
    const words = [time, about, why || title];
    this.keep([...this.refusals, words.filter(Boolean).join(" · ")]);
  }

  keep(refusals) {
    this.refusals = refusals;
    try {
      localStorage.setItem(KEY, JSON.stringify(refusals));
    } catch {
      // Full, or forbidden: then it is gone with this page.
    }
    this.show();
  }

  show() {
    const lines = this.refusals.map((words) => {
      const line = document.createElement("li");
      line.textContent = words;
      return line;
    });
    this.box.querySelector("ul").replaceChildren(...lines);
    this.box.hidden = lines.length === 0;
  }
}
