// What search compares, as the server does: "Đặng  Hoàng-Yến" gives "dang hoang yen".

const UNDECOMPOSED = { đ: "d", ð: "d", ø: "o", ł: "l", ı: "i", æ: "ae", œ: "oe", ς: "σ" };
const OTHERS = new RegExp(`[${Object.keys(UNDECOMPOSED).join("")}]`, "gu");
const SPACES = /(?:(?!\ufeff)\s|[\x1c-\x1f\x85])+/gu;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\u034f\u115f\u1160\u2800\u3164\uffa0\ufffe\uffff]/gu;
const ACCENTS = /[\u0300-\u036f]/g;
const NO_WORD = /[^\p{L}\p{N}\p{M}]+/gu;

// Small letters whatever they were: ẞ and ß are both ss.
const small = (text) => text.toLowerCase().toUpperCase().toLowerCase();

export function fold(text) {
  const seen = text.normalize("NFC").replace(SPACES, " ").replace(UNSEEN, "");
  const lowered = small(seen).replace(OTHERS, (letter) => UNDECOMPOSED[letter]);
  const plain = lowered.normalize("NFD").replace(ACCENTS, "").normalize("NFC");
  return plain.replace(NO_WORD, " ").trim();
}
