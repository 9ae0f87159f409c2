// Whom this device saw go in or out: one record for a bearer, a checkpoint and a day.
//
// `place` is where the door leads, `first` and `last` are times, `inside` whether they went in last.
// `net` is how many more are inside by this, since the roster of that time was written.

// Gates of one area lead to the same place.
export function placeOf(checkpoint, roster) {
  const door = roster.doors[checkpoint];
  return door?.gate ? `gate ${door.area ?? ""}` : checkpoint;
}

// What the rule has to know of a bearer who stands at a door.
export function known(past, report, day, roster) {
  const here = past.filter((seen) => seen.place === placeOf(report.checkpoint, roster));
  const today = here.filter((seen) => seen.day === day);
  const once = roster.doors[report.checkpoint]?.entry === "once";
  const firsts = (once ? here : today).map((seen) => seen.first).filter(Boolean).sort();
  const lasts = today.sort((one, other) => (one.last < other.last ? -1 : 1));
  const direction = report.direction ?? "in";
  return { day, direction, first: firsts[0], inside: lasts.at(-1)?.inside };
}

// The record to keep once they went through; `kind` and `reason` are what they were told. Who goes
// out unknown to this device came in elsewhere, unless the server says that they did not.
export function passage(past, report, { bearer, day, kind, reason }, roster) {
  const { checkpoint, scanned_at: last } = report;
  const before = past.find((seen) => seen.checkpoint === checkpoint && seen.day === day);
  const inside = kind !== "out";
  const freely = roster.doors[checkpoint]?.rule !== "registered_first";
  const takes = (inside && kind === "extra") || (before?.takes ?? freely);
  const wasInside = reason === "not_inside" ? false : known(past, report, day, roster).inside;
  const gained = inside ? Number(!wasInside) : -Number(wasInside !== false);
  const net = (before?.roster === roster.at ? before.net : 0) + (takes ? gained : 0);
  return {
    bearer, checkpoint, day, last, inside, takes, net,
    place: placeOf(checkpoint, roster),
    first: before?.first ?? (inside ? last : undefined),
    roster: roster.at,
  };
}
