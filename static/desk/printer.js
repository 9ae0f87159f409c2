// Takes badges from the queue and prints them, one after the other, as long as this page is open.

const OFTEN = 3000; // milliseconds between two signs of life
const PATIENCE = 8000;
const box = document.getElementById("printer");
const sheet = document.getElementById("sheet");
const state = box.querySelector("[data-state]");
const here = box.querySelector("[data-here]");
const desk = document.getElementById("desk").dataset; // its token is renewed each minute
let fresh = "yes";
let stopped = false;
let owed = null; // what became of a badge, as long as the server does not know

function tell(word, kind) {
  state.textContent = state.dataset[word];
  box.classList.toggle("prints", kind === "prints");
  box.classList.toggle("stopped", kind === "stopped");
}

function post(address, fields) {
  return fetch(address, {
    method: "POST",
    headers: { "X-CSRFToken": desk.token, Accept: "application/json" },
    body: new URLSearchParams(fields),
    signal: AbortSignal.timeout(PATIENCE),
  });
}

async function became(job, word) {
  owed = { job, word };
  const answer = await post(`${box.dataset.jobs}${job}`, { became: word });
  if (answer.ok || answer.status === 404) owed = null;
}

// Two frames, so that the badge and its fonts are there before the paper is.
async function settled() {
  await document.fonts.ready;
  await Promise.all([...sheet.querySelectorAll("image")].map(decoded));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}

function decoded(image) {
  const picture = new Image();
  picture.src = image.getAttribute("href");
  return picture.decode().catch(() => {});
}

// The browser shows its question here, unless it was started to print without one.
async function print(job) {
  const answer = await post(`${box.dataset.jobs}${job}/draw`, {});
  if (!answer.ok) return became(job, "failed");
  tell("prints", "prints");
  const picture = new DOMParser().parseFromString(await answer.text(), "image/svg+xml");
  sheet.replaceChildren(document.importNode(picture.documentElement, true));
  await settled();
  window.print();
  sheet.replaceChildren();
  return became(job, "done");
}

function stop(word) {
  stopped = true;
  here.hidden = false;
  tell(word, "stopped");
}

async function next() {
  if (owed) await became(owed.job, owed.word);
  if (owed) return tell("lost", "stopped");
  const answer = await post(box.dataset.beat, { page: box.dataset.mark, ...(fresh && { fresh }) });
  if (answer.status === 409) return stop("elsewhere");
  if (answer.status === 401) return tell("signedOut", "stopped");
  if (!answer.ok) return tell("lost", "stopped");
  fresh = "";
  const { job } = await answer.json();
  if (!job) return tell("waits");
  await print(job);
  document.body.dispatchEvent(new CustomEvent("queue"));
  return next();
}

async function turn() {
  if (!stopped) await next().catch(() => tell("lost", "stopped"));
  setTimeout(turn, OFTEN);
}

here.onclick = () => {
  fresh = "yes";
  stopped = false;
  here.hidden = true;
  tell("waits");
};
tell("waits");
turn();
