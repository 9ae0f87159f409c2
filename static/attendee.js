/* The badge is kept as a PNG, drawn here from its own SVG; without this script the link opens the SVG. */
const SIDES = [1240, 1748]; // pixels: A6 at 300 dots an inch

for (const link of document.querySelectorAll("a[data-png]")) {
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      keep(await drawn(link.href), link.dataset.png);
    } catch {
      location.href = link.href;
    }
  });
}

async function drawn(address) {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = SIDES;
  canvas.getContext("2d").drawImage(picture, 0, 0, ...SIDES);
  return new Promise((done, fail) => {
    canvas.toBlob((png) => (png ? done(png) : fail(new Error("no picture"))), "image/png");
  });
}

function keep(png, name) {
  const hand = document.createElement("a");
  hand.href = URL.createObjectURL(png);
  hand.download = name;
  hand.click();
  setTimeout(() => URL.revokeObjectURL(hand.href), 60_000);
}
