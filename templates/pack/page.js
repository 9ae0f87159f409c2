"use strict";
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const at = (id) => document.getElementById(id);
  const data = read("data");
  const words = read("words");
  const store = `ghidanh-pack-${data.pack}`;
  const SHOWN = 30;
  const numbers = new Intl.NumberFormat(document.documentElement.lang === "vi" ? "vi-VN" : "en-GB");
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: data.zone, hour: "2-digit", minute: "2-digit" });
  const calendar = new Intl.DateTimeFormat("en-CA", { timeZone: data.zone });
  const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // Accents, case and marks do not count: "nguyen van a" finds Nguyễn Văn Á.
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
    .replace(/đ/g, "d").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  const people = data.people.map(([number, name, organisation, category, party, seats, phone, email]) => {
    const code = String(number).padStart(5, "0");
    return {
      number, name, organisation, category, party, seats, phone, email, code,
      called: ` ${fold(name)}`,
      known: ` ${fold([name, organisation, party, code, email || ""].join(" "))} ${(phone || "").replace(/\D/g, "")}`,
    };
  });

  let kept = { ticks: [], changed: 0, stored: 0 };
  let works = true;
  const load = () => {
    try {
      kept = JSON.parse(localStorage.getItem(store)) || kept;
    } catch {
      works = false;
    }
  };
  const keep = () => {
    try {
      localStorage.setItem(store, JSON.stringify(kept));
    } catch {
      works = false;
    }
    at("warning").hidden = works;
    at("warning").textContent = words.not_kept;
  };

  const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const place = () => data.places[at("place").selectedIndex];
  // Those who are in today at the chosen place, by their numbers.
  const inside = () => {
    const today = calendar.format(new Date());
    const here = place();
    return new Map(kept.ticks
      .filter((tick) => !tick.undone && here && tick.place === here.key && calendar.format(new Date(tick.at)) === today)
      .map((tick) => [tick.attendee, tick]));
  };

  const tick = (person) => {
    load();
    const known = inside().get(person.number);
    if (known) {
      known.undone = true;
    } else {
      kept.ticks.push({ id: random(), attendee: person.number, place: place().key, at: new Date().toISOString() });
    }
    kept.changed += 1;
    keep();
    show();
  };

  const element = (kind, text, name = "") => {
    const made = document.createElement(kind);
    made.textContent = text;
    made.className = name;
    return made;
  };
  const row = (person, here, present) => {
    const entry = document.createElement("li");
    const about = document.createElement("div");
    const came = present.get(person.number);
    entry.className = came ? "in" : "";
    entry.style.borderLeftColor = data.colours[person.category] || "";
    about.append(element("strong", person.name));
    about.append(element("span", [person.code, person.category, person.organisation, person.party].filter(Boolean).join(" · "), "soft"));
    if (person.phone || person.email) about.append(element("p", [person.phone, person.email].filter(Boolean).join(" · "), "soft"));
    if (here.booked && !person.seats.includes(at("place").selectedIndex)) about.append(element("p", words.no_seat, "seat"));
    if (came) about.append(element("p", say("came", { at: clock.format(new Date(came.at)) }), "told"));
    const button = element("button", came ? words.untick : words.tick, came ? "" : "primary");
    button.type = "button";
    button.setAttribute("aria-label", `${button.textContent}: ${person.name}`);
    button.addEventListener("click", () => tick(person));
    entry.append(about, button);
    return entry;
  };

  const found = () => {
    const wanted = fold(at("search").value).split(" ").filter(Boolean);
    if (!wanted.length) return null;
    const holds = (text) => wanted.every((word) => text.includes(word));
    const code = /^\d+$/.test(wanted.join("")) ? Number(wanted.join("")) : 0;
    const byCode = people.filter((person) => person.number === code);
    const byName = people.filter((person) => holds(person.called));
    const named = new Set([...byCode, ...byName]);
    return [...named, ...people.filter((person) => !named.has(person) && holds(person.known))];
  };
  const latest = (present) => {
    const known = new Map(people.map((person) => [person.number, person]));
    return [...present.values()].sort((a, b) => (a.at < b.at ? 1 : -1)).map((each) => known.get(each.attendee)).filter(Boolean).slice(0, 10);
  };

  const show = () => {
    const here = place();
    const present = inside();
    const expected = here && here.booked
      ? people.filter((person) => person.seats.includes(at("place").selectedIndex)).length : people.length;
    at("count").textContent = say("count", { in: numbers.format(present.size), of: numbers.format(expected) });
    const hits = found();
    const shown = (hits || latest(present)).slice(0, SHOWN);
    at("people").replaceChildren(...shown.map((person) => row(person, here, present)));
    const rest = hits ? hits.length - shown.length : 0;
    at("told").textContent = !hits ? (shown.length ? words.latest : "")
      : !hits.length ? words.nobody : rest ? say("more", { count: numbers.format(rest) }) : "";
    const fresh = kept.changed - kept.stored;
    at("unsaved").textContent = fresh ? say("unsaved", { count: numbers.format(fresh) }) : kept.ticks.length ? words.all_saved : "";
  };

  const save = () => {
    load();
    const saved_at = new Date().toISOString();
    const { format, event, pack, proof } = data;
    const file = new Blob([JSON.stringify({ format, event, pack, proof, saved_at, ticks: kept.ticks })], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `${words.file}-${pack}-${saved_at.slice(0, 19).replace(/\D/g, "")}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    kept.stored = kept.changed;
    keep();
    show();
  };

  load();
  at("place").append(...data.places.map((each) => new Option(each.name, each.key)));
  at("place").value = kept.place || (data.places[0] || {}).key;
  if (at("place").selectedIndex < 0) at("place").selectedIndex = 0;
  at("place").addEventListener("change", () => {
    load();
    kept.place = at("place").value;
    keep();
    show();
  });
  at("search").addEventListener("input", show);
  at("search").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const hits = found() || [];
    if (hits.length === 1 && !inside().has(hits[0].number)) tick(hits[0]);
    at("search").select();
  });
  at("save").addEventListener("click", save);
  window.addEventListener("storage", () => {
    load();
    show();
  });
  keep();
  show();
  at("search").focus();
})();
