// The link and the HTML to embed, each with a button that copies it and says so.
const SAID_MS = 4000;
// Letters above which the code has so many modules that it must be drawn larger.
const DENSE_ABOVE = 400;
const TIMERS = new WeakMap();

/** Copies what a field holds; where the page may not, it leaves the text selected. */
async function copy(field) {
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

/** Says it for a while, also a second time. */
function say(place, text) {
  clearTimeout(TIMERS.get(place));
  setText(place, "");
  requestAnimationFrame(() => setText(place, text));
  TIMERS.set(place, setTimeout(() => setText(place, ""), SAID_MS));
}

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".share");
  const { link, embed, qr } = JSON.parse(data.share);
  markTheme(root);
  root.classList.toggle("dense", link.length > DENSE_ABOVE);
  root.querySelector(".qr").src = qr;
  for (const [name, text] of Object.entries({ link, embed })) {
    const field = root.querySelector(`.${name}`);
    const row = root.querySelector(`[data-of="${name}"]`);
    field.value = text;
    row.querySelector("button").onclick = async () => {
      const done = await copy(field);
      row.querySelector("button").focus();
      field.scrollTop = 0;
      say(row.querySelector("[role=status]"), done ? "Copied" : "Selected: press Ctrl+C to copy");
    };
  }
}
