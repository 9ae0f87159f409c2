// The rule of a door without the server, after what this device heard of it last. The same cases
// are tried on both: tests/cases.py.

export const FIRST_BLANK = 2 ** 31;

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
  return Boolean((BigInt(now) >> BigInt(door.bit)) & 1n);
}

// Of somebody who was not here yet today: kind and reason, or null where a badge cannot tell.
function admit(facts, door, roster) {
  if (door.gate || (door.rule === "open" && door.free === null)) return { kind: "in", reason: "" };
  if (door.rule !== "open") {
    if (door.bit === null) return null;
    if (holdsSeat(facts, door, roster)) return { kind: "in", reason: "" };
    if (door.rule === "registered_only") return { kind: "help", reason: "registered_only" };
  }
  if (door.free !== null && door.free <= 0) return { kind: "help", reason: "full" };
  return door.rule === "open" ? { kind: "in", reason: "" } : { kind: "extra", reason: "not_registered" };
}

// `first` is when this device let the bearer in there today, if it did.
export function decide(facts, door, roster, first) {
  if (facts.reason) {
    const again = ["incomplete", "two_badges", "number_only"].includes(facts.reason);
    return { kind: again ? "again" : "help", reason: facts.reason };
  }
  const reason = objection(facts, roster);
  if (reason) return { kind: "help", reason };
  if (!door) return null;
  return first ? { kind: "back", reason: "" } : admit(facts, door, roster);
}
