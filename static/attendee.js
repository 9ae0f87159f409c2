// Keeps the free seats on the page fresh while somebody looks at it.

const EVERY = 15_000; // milliseconds

function show(of, words, urgency, taken) {
  of.className = `seats ${urgency}`;
  of.firstElementChild.textContent = words;
  const bar = of.querySelector("progress");
  if (bar) bar.value = taken;
  const session = of.closest(".session");
  session.classList.toggle("full", urgency === "full");
  session.classList.toggle("few", urgency === "few");
}

async function look() {
  const address = document.querySelector("[data-seats]")?.dataset.seats;
  if (!address || document.hidden) return;
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return;
  const seats = await answer.json();
  for (const of of document.querySelectorAll(".seats[data-of]")) {
    if (seats[of.dataset.of]) show(of, ...seats[of.dataset.of]);
  }
}

setInterval(look, EVERY);
document.addEventListener("visibilitychange", look);
