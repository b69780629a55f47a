// The drawing: five grids that show one position. It keeps what is drawn and changes the rest.
const REACHED_PREVIEW = 25;
const FLIP_WAIT_MS = 600;
const FLIP_MS = 900;

class Stage {
  constructor(root) {
    const panel = (name) => root.querySelector(`[data-panel="${name}"]`);
    this.root = root.querySelector(".stage");
    this.input = new Grid(panel("input"), "Input");
    this.kernel = new Grid(panel("kernel"), "Kernel");
    this.products = new Grid(panel("products"), "Products");
    this.lens = new Grid(panel("lens"), "Lens");
    this.output = new Grid(panel("output"), "Output");
    this.lensPanel = panel("lens");
    this.columns = [...root.querySelectorAll(".column")];
    this.legend = root.querySelector(".legend");
  }

  /** Draws a scene afresh at these sizes. */
  load(scene, layout) {
    Object.assign(this, { scene, layout, covered: [], filled: 0, met: -1 });
    const { image, kernel, output } = scene;
    this.root.classList.toggle("stacked", layout.stacked);
    this.input.shape(image.rows, image.columns, layout.image);
    this.kernel.shape(kernel.rows, kernel.columns, layout.kernel);
    this.products.shape(kernel.rows, kernel.columns, layout.kernel);
    this.output.shape(output.rows, output.columns, layout.output);
    this.looks = inkwell(scene);
    image.values.forEach((_, cell) => this.input.look(cell, this.looks.cell(cell)));
    this.drawKernel(kernel.taps);
    output.values.forEach((_, index) => this.output.look(index, EMPTY));
    this.drawTextures();
    this.loadLens();
    this.gaps = gapPaths(scene, layout.image);
    this.lensGaps = gapPaths(scene, LENS_SIZE);
    this.showNotes();
    setText(this.legend, legend(scene));
  }

  loadLens() {
    const wanted = !this.input.numbers;
    this.lensPanel.hidden = !wanted;
    this.columns[this.layout.lensBelowKernel ? 1 : 0].append(this.lensPanel);
    this.lensShape = wanted && [lensRows(this.scene), lensColumns(this.scene)];
    if (wanted) this.lens.shape(...this.lensShape, LENS_SIZE);
  }

  drawKernel(taps) {
    taps.forEach((tap, at) => this.kernel.look(at, this.looks.weight(tap)));
  }

  drawTextures() {
    const { image, geometry } = this.scene;
    const { size } = this.input;
    const padding = [];
    for (let cell = 0; cell < image.rows * image.columns; cell++) {
      const from = origin(this.scene, cell);
      if (!from.inside) padding.push(box(from.row * size, from.column * size, size, size));
    }
    const [rows, columns] = geometry.unreached;
    const [height, width] = [image.rows * size, image.columns * size];
    let left = rows ? box(height - rows * size, 0, rows * size, width) : "";
    if (columns) left += box(0, width - columns * size, height - rows * size, columns * size);
    this.input.path("marks", geometry.stride.some((s) => s > 1) ? this.strideMarks(size) : "");
    this.input.path("hatched", padding.join("") + left);
    this.input.path("unreached", left);
  }

  strideMarks(size) {
    const corner = Math.min(9, size / 3);
    const { rowStarts, columnStarts } = this.scene.geometry;
    return rowStarts.flatMap((row) => columnStarts.map((column) =>
      `M${column * size + 1} ${row * size + 1}h${corner}l${-corner} ${corner}z`)).join("");
  }

  /** Shows a position: its first `count` terms, the outputs so far, and no more than changed. */
  show(step, count, filled, list) {
    const spot = place(this.scene, step);
    const { extent } = this.scene.geometry;
    Object.assign(this, { spot, list });
    for (const cell of this.covered) this.input.corner(cell, "");
    this.covered = list.map((term) => term.cell);
    list.forEach((term) => this.input.corner(term.cell, term.weight));
    this.input.frame("now", [spot.top, spot.left], ...extent, this.gaps);
    this.kernel.frame("now", [0, 0], this.kernel.rows, this.kernel.columns);
    this.output.frame("now", [spot.row, spot.column]);
    list.forEach((term, at) => this.products.look(at, at < count ? this.looks.product(term.product) : EMPTY));
    this.fill(filled);
    this.showLens(spot, list);
    this.showSources(list);
    setText(this.output.note, this.outputNote(spot));
  }

  fill(filled) {
    const { values } = this.scene.output;
    for (let index = this.filled; index < filled; index++) this.output.look(index, this.looks.output(values[index]));
    for (let index = filled; index < this.filled; index++) this.output.look(index, EMPTY);
    this.filled = filled;
  }

  showLens(spot, list) {
    if (!this.lensShape) return;
    const [rows, columns] = this.lensShape;
    const { image, geometry } = this.scene;
    const top = lensStart(spot.top, geometry.extent[0], rows, image.rows);
    const left = lensStart(spot.left, geometry.extent[1], columns, image.columns);
    const weights = new Map(list.map((term) => [term.cell, term.weight]));
    for (let index = 0; index < rows * columns; index++) {
      const cell = (top + Math.floor(index / columns)) * image.columns + left + (index % columns);
      this.lens.look(index, this.looks.cell(cell));
      this.lens.corner(index, weights.get(cell) ?? "");
    }
    this.lens.frame("now", [spot.top - top, spot.left - left], ...geometry.extent, this.lensGaps);
  }

  /** Lines from where covered padding was copied, where that is in the drawing. */
  showSources(list) {
    if (list.length > REACHED_PREVIEW || this.scene.geometry.boundary === "constant") return;
    const { image } = this.scene;
    const { size } = this.input;
    // From corner to corner, so that the lines leave the digits free.
    const corner = (row, column) => `${(column + 0.18) * size} ${(row + 0.18) * size}`;
    this.input.path("sources", list.map((term) => {
      const { row, column, inside, source } = origin(this.scene, term.cell);
      const [fromRow, fromColumn] = [source.row - image.firstRow, source.column - image.firstColumn];
      const drawn = fromRow >= 0 && fromColumn >= 0 && fromRow < image.rows && fromColumn < image.columns;
      return inside || !drawn ? "" : `M${corner(fromRow, fromColumn)}L${corner(row, column)}`;
    }).join(""));
  }

  /** Lights one term up in every grid, or none. */
  light(at) {
    const term = this.list?.[at];
    const where = (index, grid) => term && [Math.floor(index / grid.columns), index % grid.columns];
    this.input.frame("lit", where(term?.cell, this.input));
    this.kernel.frame("lit", where(at, this.kernel));
    this.products.frame("lit", where(at, this.products));
  }

  /** Shows every input a weight ever meets; the same weight again, or -1, takes it away. */
  meet(at) {
    this.met = this.met === at ? -1 : at;
    const { geometry, kernel } = this.scene;
    const { size } = this.input;
    const row = geometry.tapRows[Math.floor(this.met / kernel.columns)];
    const column = geometry.tapColumns[this.met % kernel.columns];
    const cells = this.met < 0 ? [] : geometry.rowStarts.flatMap((top) => geometry.columnStarts.map((left) =>
      box((top + row) * size + 3, (left + column) * size + 3, size - 6, size - 6)));
    this.input.path("met", cells.join(""));
  }

  /** Turns the kernel from "as typed" to "as used" in front of the visitor. */
  turn(still) {
    const { taps } = this.scene.kernel;
    clearTimeout(this.turning);
    if (still) return;
    this.drawKernel([...taps].reverse());
    setText(this.kernel.note, "as typed");
    this.turning = setTimeout(() => {
      const motion = this.kernel.box.animate({ rotate: ["0deg", "180deg"] }, { duration: FLIP_MS, easing: "ease-in-out" });
      motion.onfinish = () => {
        this.drawKernel(this.scene.kernel.taps);
        this.showNotes();
      };
    }, FLIP_WAIT_MS);
  }

  showNotes() {
    const { image, kernel } = this.scene;
    setText(this.input.note, imageNote(image));
    const factor = kernel.factor === "1" ? "" : `, ${withMinus(kernel.factor)} ×`;
    setText(this.kernel.note, `${kernel.rows} × ${kernel.columns}${factor}${kernel.flip ? ", as used: turned 180°" : ""}`);
    if (this.spot) setText(this.output.note, this.outputNote(this.spot));
  }

  outputNote({ row, column }) {
    const { output } = this.scene;
    return `row ${output.firstRow + row + 1}, column ${output.firstColumn + column + 1}`;
  }

  repaint() {
    for (const grid of [this.input, this.kernel, this.products, this.output]) grid.repaint();
  }
}

const EMPTY = { kind: "empty" };

/** Looks of every kind of cell: what is drawn depends on the value alone. */
function inkwell(scene) {
  const { image, kernel, products, output } = scene;
  const value = (rgb, text) => ({ kind: "value", fill: css(rgb), ink: inkOn(rgb), text });
  const shade = image.scale === "grey"
    ? (pixel) => greyColour(pixel, 0, image.limit)
    : (pixel) => divergingColour(pixel, image.limit);
  return {
    cell: (cell) => origin(scene, cell).inside
      ? value(shade(image.values[cell]), cellText(image.values[cell]))
      : { kind: "padding", text: cellText(image.values[cell]) },
    weight: (tap) => value(divergingColour(weightOf(scene, tap), kernel.limit), withMinus(kernel.texts[tap])),
    product: (product) => value(divergingColour(product, products.limit), cellText(product)),
    output: (total) => value(divergingColour(total, output.limit), cellText(total)),
  };
}

function imageNote(image) {
  const { wholeRows, wholeColumns, rows, columns, firstRow, firstColumn } = image;
  if (!image.picture || (rows >= wholeRows && columns >= wholeColumns)) return `${wholeRows} × ${wholeColumns}`;
  const last = (first, count, whole) => Math.min(first + count, whole);
  const range = (first, count, whole) => `${Math.max(first, 0) + 1}–${last(first, count, whole)}`;
  return `rows ${range(firstRow, rows, wholeRows)}, columns ${range(firstColumn, columns, wholeColumns)} of ${wholeRows} × ${wholeColumns}`;
}

/** Veil over the gaps of a dilated window and outlines round the cells it taps. */
function gapPaths({ geometry }, size) {
  if (geometry.dilation.every((d) => d === 1)) return null;
  const [rows, columns] = [new Set(geometry.tapRows), new Set(geometry.tapColumns)];
  let [veil, taps] = ["", ""];
  for (let row = 0; row < geometry.extent[0]; row++)
    for (let column = 0; column < geometry.extent[1]; column++)
      if (rows.has(row) && columns.has(column)) taps += box(row * size + 2, column * size + 2, size - 4, size - 4);
      else veil += box(row * size, column * size, size, size);
  return { veil, taps };
}

/** The textures and roundings that this scene shows, in words. */
function legend(scene) {
  const { image, kernel, output, geometry } = scene;
  const parts = ["Small digits in the corner: the weight on that cell."];
  if (image.values.some((_, cell) => !origin(scene, cell).inside))
    parts.push(`Dashed: padding, ${geometry.boundary === "constant" ? `fill value ${exactText(geometry.fill)}` : `copied (${geometry.boundary})`}.`);
  const [rows, columns] = geometry.unreached;
  if (rows || columns)
    parts.push(`Hatched: not reached (${[counted(rows, "row"), counted(columns, "column")].filter(Boolean).join(", ")}).`);
  if (!image.picture && (output.rows < output.wholeRows || output.columns < output.wholeColumns))
    parts.push(`Shown: the first ${output.rows} × ${output.columns} of ${output.wholeRows} × ${output.wholeColumns} positions.`);
  if (geometry.dilation.some((d) => d > 1)) parts.push("Veiled: skipped by dilation.");
  if (geometry.stride.some((s) => s > 1)) parts.push("Marked corners: where the window will stop.");
  const fractions = kernel.divisor > 1 || kernel.numerators.some(isRounded);
  if (fractions || [...image.values, ...output.values].some(isRounded))
    parts.push("Cells and running sums show three digits; the result has them all.");
  return parts.join(" ");
}

const counted = (count, word) => (count ? `${count} ${word}${count > 1 ? "s" : ""}` : "");
