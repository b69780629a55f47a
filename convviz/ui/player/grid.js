// One grid of cells: SVG up to 32 x 32, canvas above, and over both the same SVG for what moves.
const SVG_CELLS = 32;
const NUMBER_SIZE = 28;
const LINE_SIZE = 14;
const CORNER = 9;
const DIGITS = 0.4;
const RULER = document.createElement("canvas").getContext("2d");

class Grid {
  constructor(panel, title) {
    this.title = element("b", { text: title });
    this.note = element("span", { class: "note" });
    this.box = element("div", { class: "grid" });
    this.hatch = `hatch-${title.toLowerCase()}`;
    this.over = drawing("svg", { class: "over" });
    this.spot = element("span", { class: "spot" });
    this.share = DIGITS;
    this.frames = new Map();
    this.paths = new Map();
    panel.append(element("div", { class: "title" }, this.title, this.note), this.box);
  }

  /** Sets the number of cells and their size in pixels; only cells that fit no longer are made anew. */
  shape(rows, columns, size, ratio = devicePixelRatio) {
    const form = `${rows} ${columns} ${size} ${ratio} ${this.share}`;
    if (form === this.form) return this.clear();
    Object.assign(this, { form, rows, columns, size, numbers: size >= NUMBER_SIZE });
    this.painted = rows > SVG_CELLS || columns > SVG_CELLS;
    this.digits = this.numbers && !this.painted;
    this.box.classList.toggle("fine", size < LINE_SIZE);
    const [width, height] = [columns * size, rows * size];
    this.box.style.width = `${width}px`;
    this.box.style.height = `${height}px`;
    this.looks = new Array(rows * columns);
    RULER.font = `600 100px ${getComputedStyle(this.box).fontFamily}`;
    this.digit = RULER.measureText("0").width / 100;
    this.nodes = [];
    this.cells = this.painted
      ? element("canvas", { width: width * ratio, height: height * ratio, style: `width:${width}px;height:${height}px` })
      : drawing("svg", { width, height });
    if (this.painted) {
      this.pen = this.cells.getContext("2d");
      this.pen.scale(ratio, ratio);
    }
    this.box.style.setProperty("--lift", `${-0.12 * size}px`);
    this.veiled = [];
    const ground = drawing("rect", { width: 8, height: 8, class: "hatch-ground" });
    const line = drawing("path", { d: "M-2 2L2 -2M-1 9L9 -1M6 10L10 6", class: "hatch-line" });
    this.over.replaceChildren(drawing("defs", {}, drawing("pattern", {
      id: this.hatch, width: 8, height: 8, patternUnits: "userSpaceOnUse",
    }, ground, line)));
    this.over.setAttribute("width", width);
    this.over.setAttribute("height", height);
    this.frames.clear();
    this.paths.clear();
    this.box.replaceChildren(this.cells, this.over, this.spot);
  }

  /** Takes away what lies over the cells. */
  clear() {
    this.veil([]);
    this.nodes.forEach((_, index) => this.corner(index, ""));
    for (const name of this.frames.keys()) this.frame(name, null);
    for (const name of this.paths.keys()) this.path(name, "");
  }

  /** Draws one cell: {fill, ink, text, kind}. kind: value, padding, empty. */
  look(index, look) {
    this.looks[index] = look;
    if (this.painted) this.paint(index, look);
    else this.compose(index, look);
  }

  compose(index, look) {
    const node = (this.nodes[index] ??= this.makeCell(index));
    if (node.kind !== look.kind) node.group.setAttribute("class", `cell ${(node.kind = look.kind)}`);
    const fill = look.kind === "padding" ? `url(#${this.hatch})` : look.fill;
    if (node.fill !== fill) node.rect.style.fill = (node.fill = fill) ?? "";
    if (node.ink !== look.ink) node.group.style.setProperty("--ink", (node.ink = look.ink) ?? "");
    this.write(node.text, this.numbers ? look.text ?? "" : "", this.share);
  }

  /** Weights stand on covered cells where all of them can be read. */
  makeRoom(texts) {
    const longest = Math.max(...texts.map((text) => text.length));
    this.corners = this.digits && 0.6 * CORNER * longest <= this.size - 5;
  }

  /** Pales the fill of these cells, not their digits; where there are no digits, a frame's veil does. */
  veil(cells) {
    for (const index of this.veiled) this.nodes[index].group.classList.remove("veiled");
    for (const index of (this.veiled = cells)) this.nodes[index].group.classList.add("veiled");
  }

  /** The small weight in the corner of a covered cell, or none. */
  corner(index, text) {
    const node = this.nodes[index];
    if (!node || !this.corners) return;
    node.group.classList.toggle("covered", text !== "");
    if (text === "" && !node.corner) return;
    if (!node.corner) {
      node.corner = drawing("text", { class: "corner", x: node.x + this.size - 5, y: node.y + this.size - 5 });
      node.group.append(node.corner);
    }
    this.write(node.corner, text, 0.25, CORNER);
  }

  write(node, text, share, least = 7) {
    if (node.textContent === text) return;
    node.textContent = text;
    node.style.fontSize = `${Math.max(least, Math.min(this.size * share, this.fits(text))).toFixed(1)}px`;
  }

  /** How large a text may be, so that a cell holds it. */
  fits(text) {
    return (this.size - 5) / (this.digit * Math.max(1, text.length - (text.includes(".") ? 0.5 : 0)));
  }

  makeCell(index) {
    const { size } = this;
    const [x, y] = [(index % this.columns) * size, Math.floor(index / this.columns) * size];
    const rect = drawing("rect", { x: x + 0.5, y: y + 0.5, width: size - 1, height: size - 1 });
    const text = drawing("text", { x: x + size / 2, y: y + size / 2, class: "number" });
    const group = drawing("g", {}, rect, text);
    this.cells.append(group);
    return { group, rect, text, x, y };
  }

  paint(index, look) {
    const { pen, size } = this;
    const [x, y] = [(index % this.columns) * size, Math.floor(index / this.columns) * size];
    pen.clearRect(x, y, size, size);
    const gap = size >= LINE_SIZE ? 0.5 : 0;
    if (look.kind === "empty" && !look.text) return;
    pen.fillStyle = look.fill ?? this.colour("--padding-fill");
    pen.fillRect(x, y, size - gap, size - gap);
    if (look.kind === "padding") this.paintHatch(x, y);
    if (!this.numbers || !look.text) return;
    pen.fillStyle = look.ink ?? this.colour("--padding-text");
    pen.font = `600 ${Math.min(size * this.share, this.fits(look.text))}px ${this.colour("--st-font")}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(look.text, x + size / 2, y + size / 2);
  }

  paintHatch(x, y) {
    const { pen, size } = this;
    pen.strokeStyle = this.colour("--line");
    pen.beginPath();
    pen.moveTo(x, y + size);
    pen.lineTo(x + size, y);
    pen.stroke();
  }

  colour(token) {
    return getComputedStyle(this.box).getPropertyValue(token);
  }

  /** After a theme change: a canvas keeps its old colours until it is painted again. */
  repaint() {
    if (this.painted) this.looks.forEach((look, index) => this.paint(index, look));
  }

  /** The accent outline over some cells, with its casing; null takes it away. */
  frame(name, at, rows = 1, columns = 1, inner = null) {
    let frame = this.frames.get(name);
    if (!at) return frame && (frame.group.style.display = "none");
    if (!frame) {
      const parts = ["veil", "casing", "now"].map((part) => drawing("path", { class: part }));
      frame = { group: drawing("g", { class: `frame ${name}` }, ...parts), parts };
      this.frames.set(name, frame);
      this.over.append(frame.group);
    }
    const { size } = this;
    const outline = box(0, 0, rows * size, columns * size);
    const data = [inner?.veil ?? "", outline, outline + (inner?.taps ?? "")];
    data.forEach((d, part) => frame.parts[part].getAttribute("d") !== d && frame.parts[part].setAttribute("d", d));
    frame.group.style.display = "";
    frame.group.style.transform = `translate(${at[1] * size}px, ${at[0] * size}px)`;
    if (name === "now") this.spot.style.cssText = `translate:${at[1] * size}px ${at[0] * size}px;width:${columns * size}px;height:${rows * size}px`;
  }

  /** A path over the cells, with its casing, by class: marks of strides, lines to sources. */
  path(name, d) {
    let paths = this.paths.get(name);
    if (!paths) {
      if (!d) return;
      this.paths.set(name, (paths = [`under ${name}-under`, name].map((one) => drawing("path", { class: one }))));
      this.over.prepend(...paths);
    }
    for (const path of paths) path.setAttribute("d", d);
  }

  /** The cell under a pointer, or -1. */
  at(event) {
    const area = this.box.getBoundingClientRect();
    const column = Math.floor((event.clientX - area.left) / this.size);
    const row = Math.floor((event.clientY - area.top) / this.size);
    const inside = row >= 0 && column >= 0 && row < this.rows && column < this.columns;
    return inside ? row * this.columns + column : -1;
  }
}

/** Path data of a rectangle: first row edge, first column edge, height, width, in pixels. */
const box = (y, x, height, width) => `M${x} ${y}h${width}v${height}h${-width}z`;
