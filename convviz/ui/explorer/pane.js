// One canvas: the coarse picture, the exact part over it, digits, and what the cursor is on.
const READABLE = 28;
const LINED = 14;

class Pane {
  constructor(node) {
    this.node = node;
    this.canvas = node.querySelector("canvas");
    this.note = node.querySelector(".note");
    this.title = node.querySelector("b");
  }

  /** What it shows: its place on the plane, rows and columns, how wide a cell is. */
  place(origin, shape, stride, image) {
    Object.assign(this, { origin, shape, stride, image });
    this.part = this.rectangle = this.partView = null;
  }

  /** How many pixels of the picture there are for a pixel of the plane. */
  get detail() {
    return this.image ? this.image.naturalWidth / (this.shape[1] * this.stride[1]) : 1;
  }

  fit(width, height) {
    const [w, h] = [width, height].map((side) => Math.round(side * devicePixelRatio));
    this.canvas.style.height = `${height}px`;
    if (this.canvas.width !== w) this.canvas.width = w;
    if (this.canvas.height !== h) this.canvas.height = h;
  }

  draw(view, colours, marks, liner) {
    const context = this.canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (!this.image) return;
    const zoom = view.scale * devicePixelRatio;
    const down = (row) => Math.round((row - view.top) * zoom);
    const across = (column) => Math.round((column - view.left) * zoom);
    const box = (at, shape) => {
      const [row, column] = at.map((i, a) => this.origin[a] + i * this.stride[a]);
      const [x, y] = [across(column), down(row)];
      return [x, y, across(column + shape[1] * this.stride[1]) - x, down(row + shape[0] * this.stride[0]) - y];
    };
    const paint = (image, at, shape) => {
      const area = box(at, shape);
      context.imageSmoothingEnabled = image.naturalWidth > area[2];
      context.drawImage(image, ...area);
    };
    paint(this.image, [0, 0], this.shape);
    if (this.part) paint(this.part.image, this.part.at, this.part.shape);
    liner?.draw(context, view, colours); // under the digits, which must be read
    this.digits(context, view, box, colours);
    for (const mark of marks) this.outline(context, box(mark.at, mark.shape), colours, mark.thin);
  }

  digits(context, view, box, colours) {
    const cell = Math.min(...this.stride) * view.scale;
    const { part } = this;
    if (cell < LINED || !part?.values) return;
    context.strokeStyle = colours.line;
    context.lineWidth = 1;
    context.font = `600 ${Math.min(15, cell * 0.36) * devicePixelRatio}px ${colours.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const most = Math.min(...this.stride) * view.scale * devicePixelRatio * 0.92;
    part.values.forEach((value, i) => {
      const [row, column] = [Math.floor(i / part.shape[1]), i % part.shape[1]];
      const [x, y, width, height] = box([part.at[0] + row, part.at[1] + column], [1, 1]);
      if (x + width < 0 || y + height < 0 || x > this.canvas.width || y > this.canvas.height) return;
      context.strokeRect(x + 0.5, y + 0.5, width, height);
      if (cell < READABLE || value == null) return;
      context.fillStyle = inkOn([...part.inks.subarray(4 * i, 4 * i + 3)]);
      context.fillText(cellText(value), x + width / 2, y + height / 2 + 1, most);
    });
  }

  outline(context, [x, y, width, height], colours, thin) {
    const least = 8 * devicePixelRatio;
    const [w, h] = [Math.max(width, least), Math.max(height, least)];
    const area = [x - (w - width) / 2, y - (h - height) / 2, w, h];
    for (const [colour, line] of [[colours.casing, thin ? 3 : 5], [colours.now, thin ? 1 : 2.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = line * devicePixelRatio;
      context.strokeRect(...area);
    }
  }

  /** The exact number of a cell, if it is here. */
  number([row, column]) {
    const part = this.part;
    if (!part?.values) return undefined;
    const [r, c] = [row - part.at[0], column - part.at[1]];
    if (r < 0 || c < 0 || r >= part.shape[0] || c >= part.shape[1]) return undefined;
    return part.values[r * part.shape[1] + c];
  }
}

/** A picture from its text, once it can be drawn. */
async function loaded(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

/** The exact part of a pane, with the colours its digits stand on. */
async function loadedPart(spec) {
  if (!spec) return null;
  const image = await loaded(spec.url);
  if (!spec.values) return { ...spec, image };
  const sheet = document.createElement("canvas");
  [sheet.height, sheet.width] = spec.shape;
  const context = sheet.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  return { ...spec, image, inks: context.getImageData(0, 0, sheet.width, sheet.height).data };
}
