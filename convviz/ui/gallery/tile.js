// One tile: its name, what its colours stand for, its number under the cursor.
const QUARTERS = ["right", "down", "left", "up"];
const PLANES = ["red", "green", "blue"];

/** The names of what it is made of change rarely: then only its texts do. */
function tileNode({ name, source }, index, { removable }, act) {
  const title = source == null ? element("b", { text: name }) : element("button", { type: "button", text: name });
  if (source != null) {
    title.title = "Show this one map";
    title.onclick = () => act("choose", source);
  }
  const head = element("div", { class: "head" }, title, removable && source != null && removeButton(name, source, act));
  const texts = [element("div", { class: "value" }), element("div", { class: "legend" })];
  return element("figure", { "data-pane": index }, element("figcaption", {}, head, ...texts), element("canvas", { "aria-hidden": "true" }));
}

function removeButton(name, source, act) {
  const button = element("button", { type: "button", class: "remove", text: "Remove", "aria-label": `Remove ${name}` });
  button.onclick = () => act("remove", source);
  return button;
}

/** What the first and the last colour stand for, or the four directions. */
function legendOf({ scale }, threshold) {
  if (!scale) return [];
  if (scale.circle) return directions(scale);
  const two = threshold != null;
  const [low, high] = two ? [`below ${cellText(threshold)}`, `from ${cellText(threshold)}`] : [scale.low, scale.high].map(cellText);
  const stops = two ? "#000 50%,#fff 50%" : scale.diverging ? DIVERGING.join(",") : "#000,#fff";
  const bar = element("span", { class: "bar", "aria-hidden": "true" });
  bar.style.background = `linear-gradient(to right, ${stops})`;
  return [element("span", { text: low }), bar, element("span", { text: high })];
}

function directions({ circle, weak }) {
  const quarter = circle.length / QUARTERS.length;
  const named = [...QUARTERS.map((text, i) => [text, circle[i * quarter]]), ["weak", weak]];
  return named.map(([text, colour]) => {
    const swatch = element("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = colour;
    return element("span", {}, swatch, text);
  });
}

/** Every digit of what a tile has at a place: a number, a direction, three planes. */
function valueText(values, { unit }) {
  if (values.length === 3) return PLANES.map((plane, i) => `${plane} ${exactText(values[i])}`).join(", ");
  return values[0] == null ? "no direction" : `${exactText(values[0])}${unit}`;
}
