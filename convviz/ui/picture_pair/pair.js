// Two pictures and two marks. The player says where it is; a click says where it should look.
const SMALLEST_MARK = 10;
const TALLEST = 420;

class Pair {
  constructor(host) {
    this.host = host;
    this.root = host.querySelector(".pair");
    this.figures = ["image", "map"].map((name) => makeFigure(this.root.querySelector(`[data-figure="${name}"]`)));
    this.root.querySelector(".bar").style.background = `linear-gradient(to right, ${DIVERGING.join(",")})`;
    this.follow = (event) => this.mark(event.detail.row, event.detail.column);
    window.addEventListener("convviz:position", this.follow);
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this.root);
  }

  update(text, send) {
    markTheme(this.root);
    this.figures.forEach((figure, at) => (figure.box.onclick = (event) => this.pick(figure, at, event, send)));
    if (text === this.text) return;
    this.text = text;
    this.spec = JSON.parse(text);
    const { image, map, shape, mapShape, low, high, limit } = this.spec;
    const [picture, feature] = this.figures;
    picture.img.src = image;
    feature.img.src = map;
    setText(picture.note, `${shape[0]} × ${shape[1]}, click to move the patch`);
    setText(feature.note, `${mapShape[0]} × ${mapShape[1]}, values ${cellText(low)} to ${cellText(high)}`);
    setText(this.root.querySelector(".low"), cellText(-limit));
    setText(this.root.querySelector(".high"), cellText(limit));
    this.fit();
    window.dispatchEvent(new Event("convviz:where"));
  }

  fit() {
    if (!this.spec) return;
    const sizes = [this.spec.shape, this.spec.mapShape];
    this.figures.forEach((figure, at) => {
      const [rows, columns] = sizes[at];
      const width = Math.min(figure.node.clientWidth, (TALLEST * columns) / rows);
      figure.box.style.width = `${width}px`;
      figure.box.style.aspectRatio = `${columns} / ${rows}`;
      figure.img.classList.toggle("enlarged", width * devicePixelRatio > columns);
      figure.over.setAttribute("viewBox", `0 0 ${columns} ${rows}`);
      figure.scale = width / columns;
    });
    const [row, column] = this.at ?? this.spec.first;
    this.mark(row, column);
  }

  /** Marks the window in the picture and the output cell in the map. */
  mark(row, column) {
    const { rowStarts, columnStarts, extent, patch, mapShape } = this.spec;
    if (row >= mapShape[0] || column >= mapShape[1]) return;
    this.at = [row, column];
    const [picture, feature] = this.figures;
    // There is no width before it is on screen, nor once its page was left.
    if (!picture.scale || !feature.scale) return;
    picture.patch(patch ? rectangle(...patch, 0) : "");
    picture.now(rectangle(rowStarts[row], columnStarts[column], ...extent, SMALLEST_MARK / picture.scale));
    feature.now(rectangle(row, column, 1, 1, SMALLEST_MARK / feature.scale));
  }

  /** A click on the map asks for the pixel under the middle of the window that made that cell. */
  pick(figure, at, event, send) {
    const area = figure.box.getBoundingClientRect();
    const [rows, columns] = at === 0 ? this.spec.shape : this.spec.mapShape;
    const row = within(((event.clientY - area.top) / area.height) * rows, rows);
    const column = within(((event.clientX - area.left) / area.width) * columns, columns);
    if (at === 0) return send(row, column);
    const middle = (start, extent) => start + ((extent - 1) >> 1);
    send(middle(this.spec.rowStarts[row], this.spec.extent[0]), middle(this.spec.columnStarts[column], this.spec.extent[1]));
  }

  close() {
    window.removeEventListener("convviz:position", this.follow);
    this.resize.disconnect();
  }
}

function makeFigure(node) {
  const paths = ["patch", "patch-line", "casing", "now"].map((name) => drawing("path", { class: name }));
  const over = drawing("svg", { preserveAspectRatio: "none", "aria-hidden": "true" }, ...paths);
  const frame = node.querySelector(".frame-box");
  frame.append(over);
  const draw = (from) => (d) => paths.slice(from, from + 2).forEach((path) => path.setAttribute("d", d));
  return { node, over, box: frame, img: node.querySelector("img"), note: node.querySelector(".note"), patch: draw(0), now: draw(2) };
}

const within = (at, length) => Math.max(0, Math.min(length - 1, Math.floor(at)));

/** A rectangle in cells, grown round its middle to a size that can be seen. */
function rectangle(row, column, rows, columns, least) {
  const [height, width] = [Math.max(rows, least), Math.max(columns, least)];
  return `M${column - (width - columns) / 2} ${row - (height - rows) / 2}h${width}v${height}h${-width}z`;
}

export default function ({ parentElement, data, setTriggerValue }) {
  const [pair, leave] = viewIn(parentElement, Pair);
  pair.update(data.pair, (row, column) => setTriggerValue("place", `${row},${column}`));
  return leave;
}
