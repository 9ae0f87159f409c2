// Reading a badge as the server does: 200 digits are 19 bytes of facts and their signature.

const DIGITS = 200;
const FEWEST = 61; // digits below which a number is some other barcode
const MANY = 100;
const FACTS = 19;
const SIGNED = FACTS + 64;
const FORMAT = 1;
// What stands below the code of a badge, typed by hand: "00012", on a blank one "B0002".
export const NUMBER = /^\s*b?\s*[0-9]{1,7}\s*$/i;

// Why it is no badge, or its facts: event, bearer, revision, category, entitlements.
export async function readBadge(code, verify) {
  if (NUMBER.test(code)) return { reason: "number_only" };
  const digits = onlyDigits(code);
  if (!/^[0-9]+$/.test(digits)) return { reason: "not_ours" };
  if (digits.length !== DIGITS) return { reason: misread(digits.length) };
  const data = bytesOf(BigInt(digits));
  if (!data || !(await verify(data.slice(FACTS), data.slice(0, FACTS)))) return { reason: "not_ours" };
  const view = new DataView(data.buffer);
  if (view.getUint8(0) >> 4 !== FORMAT) return { reason: "not_ours" };
  return {
    event: view.getUint32(1),
    bearer: view.getUint32(5),
    revision: view.getUint8(9),
    category: view.getUint8(10),
    entitlements: view.getBigUint64(11),
  };
}

function onlyDigits(code) {
  const digits = code.replace(/[^0-9]/g, "");
  return digits.length >= MANY ? digits : code.trim();
}

function misread(length) {
  if (length < FEWEST) return "not_ours";
  return length >= 2 * DIGITS && length % DIGITS === 0 ? "two_badges" : "incomplete";
}

function bytesOf(number) {
  const hex = number.toString(16).padStart(2 * SIGNED, "0");
  if (hex.length > 2 * SIGNED) return null;
  return Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
}

// The browser's own Ed25519, else a small audited library, which an insecure page needs too.
export async function verifier(key) {
  const raw = Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0));
  try {
    const known = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
    return (signature, facts) => crypto.subtle.verify("Ed25519", known, signature, facts);
  } catch {
    const { hashes, verify } = await import("../vendor/noble/ed25519/index.js");
    const { sha512 } = await import("../vendor/noble/hashes/sha2.js");
    hashes.sha512 = sha512;
    return (signature, facts) => verify(signature, facts, raw, { zip215: false });
  }
}
