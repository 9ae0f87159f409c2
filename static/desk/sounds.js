// One short sound for each verdict, made on the spot, so that ears know it before eyes do.

// [frequency in Hz, seconds] one after the other; 0 Hz is a pause.
const TUNES = {
  in: [[880, 0.09], [1320, 0.16]],
  back: [[1320, 0.09], [880, 0.16]],
  extra: [[660, 0.12], [0, 0.05], [660, 0.12]],
  out: [[988, 0.07], [740, 0.07], [494, 0.16]],
  help: [[196, 0.5]],
  again: [[330, 0.09], [0, 0.06], [330, 0.09], [0, 0.06], [330, 0.09]],
  unsent: [[440, 0.15], [294, 0.3]],
};
const BUZZES = { in: [60], back: [60], out: [40, 40, 40], extra: [60, 60, 60], help: [400], again: [80, 60, 80], unsent: [200, 80, 200] };

let audio = null;

// Browsers let a page sound only after its first touch or key.
export function allowSound() {
  const wake = () => {
    audio ??= new AudioContext();
    audio.resume();
  };
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, wake, { capture: true });
}

export function play(kind) {
  navigator.vibrate?.(BUZZES[kind] ?? []);
  if (audio?.state !== "running") return;
  let at = audio.currentTime;
  for (const [frequency, length] of TUNES[kind] ?? []) {
    if (frequency) tone(frequency, at, length, kind === "help" ? "square" : "sine");
    at += length;
  }
}

function tone(frequency, at, length, shape) {
  const source = new OscillatorNode(audio, { frequency, type: shape });
  const loudness = new GainNode(audio, { gain: 0.3 });
  loudness.gain.setTargetAtTime(0, at + length * 0.8, 0.015);
  source.connect(loudness).connect(audio.destination);
  source.start(at);
  source.stop(at + length + 0.05);
}
