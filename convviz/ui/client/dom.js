// Elements without markup strings: text is always text.
const SVG = "http://www.w3.org/2000/svg";

function assign(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") node.textContent = value;
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter(Boolean));
  return node;
}

const element = (name, attributes = {}, ...children) =>
  assign(document.createElement(name), attributes, children);
const drawing = (name, attributes = {}, ...children) =>
  assign(document.createElementNS(SVG, name), attributes, children);

/** Sets text only where it differs, so that nothing is laid out again for nothing. */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** An icon from path data, 24 units square. */
const icon = (path) =>
  drawing("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, drawing("path", { d: path }));

/** Tells the style sheet which theme the page is in: Streamlit only says so by its colours. */
function markTheme(root) {
  const probe = getComputedStyle(root).getPropertyValue("--st-background-color").trim();
  const rgb = probe.startsWith("#") ? channels(probe) : (probe.match(/\d+/g) ?? [255, 255, 255]).map(Number);
  root.dataset.theme = inkOn(rgb.slice(0, 3)) === "#fff" ? "dark" : "light";
}
