// Keeps what was typed into a form for the one step to the same page in the other language.
// Consent is asked anew there: the words are others.

const KEPT = "typed";
const form = document.querySelector("main form[method=post]");
const fields = () => [...(form?.elements ?? [])].filter((field) =>
  field.name && field.type !== "hidden" && field.name !== "website" && !["agreed", "guardian_agrees"].includes(field.name));
const ticks = (field) => field.type === "checkbox" || field.type === "radio";

function keep(link) {
  const typed = fields().filter((field) => !ticks(field) || field.checked).map((field) => [field.name, field.value]);
  sessionStorage.setItem(KEPT, JSON.stringify({ path: new URL(link.href).pathname, typed }));
}

function bring() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  sessionStorage.removeItem(KEPT);
  if (kept?.path !== location.pathname) return;
  for (const field of fields()) {
    const values = kept.typed.filter(([name]) => name === field.name).map(([, value]) => value);
    if (ticks(field)) field.checked = !field.disabled && values.includes(field.value);
    else if (values.length && (field.tagName !== "SELECT" || [...field.options].some((option) => option.value === values[0]))) field.value = values[0];
    const folded = field.closest("details");
    if (folded && (ticks(field) ? field.checked : field.value)) folded.open = true;
  }
}

try {
  bring();
  document.querySelector("header a[hreflang]")?.addEventListener("click", (press) => keep(press.currentTarget));
} catch {
  // A browser that keeps nothing changes the language all the same.
}
