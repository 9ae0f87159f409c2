// The rule of a door without the server, after what this device heard of it last. The same cases
// are tried on both: tests/test_deciding.py.

export const FIRST_BLANK = 2 ** 31;
const USED = { once: "used", daily: "used_today" };

// What stands against a badge, whatever the door; "" if nothing does.
function objection(facts, roster) {
  if (facts.event !== roster.event) return "other_event";
  const blank = facts.bearer - FIRST_BLANK;
  if (blank >= 0 && !printed(blank, roster)) return "not_ours";
  if (blank >= 0 && roster.withdrawn.includes(blank)) return "withdrawn";
  const [revision, cancelled] = roster.exceptions[whose(facts, roster)] ?? [facts.revision, false];
  if (blank < 0 && revision !== facts.revision) return "replaced";
  return cancelled ? "cancelled" : "";
}

const printed = (blank, roster) =>
  roster.blanks.some(([first, last]) => first <= blank && blank <= last);

// The person's number, or the blank's own as long as it belongs to nobody.
export function whose(facts, roster) {
  return roster.bound[facts.bearer - FIRST_BLANK] ?? facts.bearer;
}

function holdsSeat(facts, door, roster) {
  const now = roster.exceptions[whose(facts, roster)]?.[2] ?? facts.entitlements;
  if (now === null) return null; // found by name, without the badge
  return Boolean((BigInt(now) >> BigInt(door.bit)) & 1n);
}

// Why this door takes nobody that day, nobody of that category, or not once more; "" if it does.
function against(facts, door, roster, known) {
  if (door.days && !door.days.includes(known.day)) return "wrong_day";
  const category = roster.exceptions[whose(facts, roster)]?.[3] ?? facts.category;
  if (door.categories && !door.categories.includes(category)) return "wrong_category";
  return (known.first && USED[door.entry]) || "";
}

// Nobody is kept inside, whoever saw them on the way in.
const wayOut = (door) =>
  door.entry === "in_out" ? { kind: "out", reason: "" } : { kind: "help", reason: "no_way_out" };

// Of somebody who is not inside: kind and reason, or null where a badge cannot tell.
function admit(facts, door, roster) {
  if (door.rule === "open" && door.free === null) return { kind: "in", reason: "" };
  if (door.rule !== "open") {
    const seat = door.bit === null ? null : holdsSeat(facts, door, roster);
    if (seat === null) return null;
    if (seat) return { kind: "in", reason: "" };
    if (door.rule === "registered_only") return { kind: "help", reason: "registered_only" };
  }
  if (door.free !== null && door.free <= 0) return { kind: "help", reason: "full" };
  return door.rule === "open" ? { kind: "in", reason: "" } : { kind: "extra", reason: "not_registered" };
}

// `known` is what this device remembers of the bearer at this door: see memory.js.
export function decide(facts, door, roster, known) {
  if (facts.reason) {
    const again = ["incomplete", "two_badges", "number_only"].includes(facts.reason);
    return { kind: again ? "again" : "help", reason: facts.reason };
  }
  const bad = objection(facts, roster);
  if (bad) return { kind: "help", reason: bad };
  if (!door) return null;
  if (known.direction === "out") return wayOut(door);
  const reason = against(facts, door, roster, known);
  if (reason) return { kind: "help", reason };
  if (known.inside) return { kind: "back", reason: door.entry === "in_out" ? "still_inside" : "" };
  const decided = admit(facts, door, roster);
  return decided && known.first && decided.kind !== "help" ? { ...decided, kind: "back" } : decided;
}
