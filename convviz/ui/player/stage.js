// The drawing: five grids that show one position. It keeps what is drawn and changes the rest.
const FLIP_WAIT_MS = 600;
const FLIP_MS = 900;
const LONGEST_FRACTION = 6;

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
    Object.assign(this, { scene, layout, covered: [], filled: 0, asked: -1, met: -1 });
    for (const grid of [this.input, this.kernel, this.products, this.lens, this.output]) grid.share = layout.digits ?? DIGITS;
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
    this.drawRest();
    this.loadLens();
    for (const grid of [this.input, this.lens]) grid.makeRoom(kernel.texts);
    this.skipped = gaps(scene);
    this.gaps = gapPaths(scene, this.skipped, this.input);
    this.lensGaps = gapPaths(scene, this.skipped, this.lens);
    this.kernel.note.classList.toggle("own", kernel.flip);
    this.typed = false;
    this.showNotes();
    this.explain(scene, (this.lensShape ? this.lens : this.input).corners);
  }

  /** Says under the drawing what its textures and small digits are. */
  explain(scene, corners) {
    setText(this.legend, legend(scene, corners));
  }

  loadLens() {
    const wanted = !this.input.numbers;
    this.lensPanel.hidden = !wanted;
    this.columns[this.layout.lensColumn ?? 0].append(this.lensPanel);
    this.lensShape = wanted && [lensRows(this.scene), lensColumns(this.scene)];
    if (wanted) this.lens.shape(...this.lensShape, LENS_SIZE);
  }

  drawKernel(taps) {
    taps.forEach((tap, at) => this.kernel.look(at, this.looks.weight(tap)));
  }

  /** Marks where windows will stop, and the rest that none of them reaches. */
  drawRest() {
    const { image, geometry } = this.scene;
    const { size, numbers } = this.input;
    const [rows, columns] = geometry.unreached;
    const [endRow, endColumn] = [image.rows - rows, image.columns - columns];
    let rest = rows ? box(endRow * size, 0, rows * size, image.columns * size) : "";
    if (columns) rest += box(0, endColumn * size, endRow * size, columns * size);
    // Strokes the other way than padding's, at two corners of a cell, so that its digits stay free.
    const stroke = size * (numbers ? 0.26 : 0.5);
    for (let row = 0; row < image.rows; row++)
      for (let column = row < endRow ? endColumn : 0; column < image.columns; column++)
        for (const at of [0, size - stroke]) rest += `M${column * size + at} ${row * size + at}l${stroke} ${stroke}`;
    this.input.path("marks", geometry.stride.some((s) => s > 1) ? this.strideMarks(size) : "");
    this.input.path("unreached", rest);
  }

  strideMarks(size) {
    const corner = Math.min(9, size / 3);
    const { rowStarts, columnStarts } = this.scene.geometry;
    return rowStarts.flatMap((row) => columnStarts.map((column) =>
      `M${column * size + 1} ${row * size + 1}h${corner}l${-corner} ${corner}z`)).join("");
  }

  /** Shows a position: its first `count` terms, the outputs so far, one that is asked for, and no more than changed. */
  show(step, count, filled, list, asked) {
    const spot = place(this.scene, step);
    const { extent } = this.scene.geometry;
    Object.assign(this, { spot, list });
    this.input.veil(this.veiled(this.input, spot.top, spot.left));
    for (const cell of this.covered) this.input.corner(cell, "");
    this.covered = list.map((term) => term.cell);
    list.forEach((term) => this.input.corner(term.cell, term.weight));
    this.input.frame("now", [spot.top, spot.left], ...extent, this.gaps);
    this.kernel.frame("now", [0, 0], this.kernel.rows, this.kernel.columns);
    this.output.frame("now", [spot.row, spot.column]);
    list.forEach((term, at) => this.products.look(at, at < count ? this.looks.product(term.product) : EMPTY));
    this.fill(filled);
    this.ask(asked);
    this.showLens(spot, list);
    this.showSources(list);
    setText(this.output.note, this.outputNote(spot));
  }

  /** The cells of a grid that a window beginning there skips. */
  veiled(grid, top, left) {
    const inside = ([row, column]) => Math.min(top + row, left + column) >= 0 && top + row < grid.rows && left + column < grid.columns;
    return grid.digits ? this.skipped.filter(inside).map(([row, column]) => (top + row) * grid.columns + left + column) : [];
  }

  fill(filled) {
    const { values } = this.scene.output;
    for (let index = this.filled; index < filled; index++) this.output.look(index, this.looks.output(values[index]));
    for (let index = filled; index < this.filled; index++) this.output.look(index, EMPTY);
    this.filled = filled;
  }

  /** Puts a question mark into the output cell that is to be predicted; -1 for none. */
  ask(asked) {
    if (asked === this.asked) return;
    if (this.asked >= this.filled) this.output.look(this.asked, EMPTY);
    if (asked >= 0) this.output.look(asked, ASKED);
    this.asked = asked;
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
    this.lens.veil(this.veiled(this.lens, spot.top - top, spot.left - left));
    this.lens.frame("now", [spot.top - top, spot.left - left], ...geometry.extent, this.lensGaps);
  }

  /** Dots on the cells that covered padding was copied from, where they are drawn. */
  showSources(list) {
    const { size } = this.input;
    const dots = new Set(list.map((term) => this.source(term.cell)).filter(Boolean).map((at) => corner(...at, size)));
    this.input.path("copied", [...dots].map((at) => `M${at}h0`).join(""));
  }

  /** Row and column, in the drawing, of the cell that padding was copied from. */
  source(cell) {
    const { image } = this.scene;
    const from = origin(this.scene, cell);
    const [row, column] = [from.source.row - image.firstRow, from.source.column - image.firstColumn];
    const drawn = row >= 0 && column >= 0 && row < image.rows && column < image.columns;
    return !from.inside && !from.filled && drawn && [row, column];
  }

  /** Lights one term up in every grid, or none, and joins its cell, if it is padding, to its source. */
  light(at, cell = this.list?.[at]?.cell) {
    const term = this.list?.[at];
    const where = (index, grid) => index !== undefined && [Math.floor(index / grid.columns), index % grid.columns];
    this.input.frame("lit", where(term?.cell, this.input));
    this.kernel.frame("lit", where(term && at, this.kernel));
    this.products.frame("lit", where(term && at, this.products));
    const [source, { size, columns }] = [cell >= 0 && this.source(cell), this.input];
    this.input.path("sources", source ? `M${corner(...source, size)}L${corner(Math.floor(cell / columns), cell % columns, size)}` : "");
  }

  /** Shows every input a weight ever meets and how many; the same weight again, or -1, takes it away. */
  meet(at) {
    this.met = this.met === at ? -1 : at;
    const { geometry, kernel } = this.scene;
    const { size } = this.input;
    const row = geometry.tapRows[Math.floor(this.met / kernel.columns)];
    const column = geometry.tapColumns[this.met % kernel.columns];
    const cells = this.met < 0 ? [] : geometry.rowStarts.flatMap((top) => geometry.columnStarts.map((left) =>
      box((top + row) * size + 3, (left + column) * size + 3, size - 6, size - 6)));
    this.input.path("met", cells.join(""));
    return cells.length;
  }

  /** Turns the kernel from "as typed" to "as used" in front of the visitor; without motion, there and back. */
  turn(still) {
    clearTimeout(this.turning);
    this.showTyped(!still || !this.typed);
    if (still) return;
    this.turning = setTimeout(() => {
      const motion = this.kernel.box.animate({ rotate: ["0deg", "180deg"] }, { duration: FLIP_MS, easing: "ease-in-out" });
      motion.onfinish = () => this.showTyped(false);
    }, FLIP_WAIT_MS);
  }

  showTyped(typed) {
    const { taps } = this.scene.kernel;
    this.typed = typed;
    this.drawKernel(typed ? [...taps].reverse() : taps);
    this.showNotes();
  }

  showNotes() {
    const { image, kernel } = this.scene;
    setText(this.input.note, imageNote(image));
    const factor = kernel.factor === "1" ? "" : `, ${withMinus(kernel.factor)} ×`;
    const turned = !kernel.flip ? "" : this.typed ? ", as typed" : ", as used: turned 180°";
    setText(this.kernel.note, `${kernel.rows} × ${kernel.columns}${factor}${turned}`);
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
const ASKED = { kind: "empty", text: "?" };

/** Looks of every kind of cell: what is drawn depends on the value alone. */
function inkwell(scene) {
  const { image, kernel, products, output } = scene;
  const value = (rgb, text) => ({ kind: "value", fill: css(rgb), ink: inkOn(rgb), text });
  const shade = image.scale === "grey"
    ? (pixel) => greyColour(pixel, 0, image.limit)
    : (pixel) => divergingColour(pixel, image.limit);
  const pixelText = (cell) => {
    const fraction = image.fractions[cell] ?? "";
    return fraction && fraction.length <= LONGEST_FRACTION ? withMinus(fraction) : cellText(image.values[cell]);
  };
  return {
    cell: (cell) => origin(scene, cell).inside
      ? value(shade(image.values[cell]), pixelText(cell))
      : { kind: "padding", text: pixelText(cell) },
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

/** Rows and columns, in a dilated window, of the cells it skips. */
function gaps({ geometry }) {
  const [rows, columns] = [new Set(geometry.tapRows), new Set(geometry.tapColumns)];
  const cells = Array.from({ length: geometry.extent[0] * geometry.extent[1] }, (_, at) =>
    [Math.floor(at / geometry.extent[1]), at % geometry.extent[1]]);
  return cells.filter(([row, column]) => !rows.has(row) || !columns.has(column));
}

/** Outlines round the tapped cells of a dilated window, and a veil over the gaps if it hides no digits. */
function gapPaths({ geometry }, skipped, { size, digits }) {
  if (!skipped.length) return null;
  const taps = geometry.tapRows.flatMap((row) => geometry.tapColumns.map((column) => box(row * size + 2, column * size + 2, size - 4, size - 4)));
  const veil = digits ? [] : skipped.map(([row, column]) => box(row * size, column * size, size, size));
  return { veil: veil.join(""), taps: taps.join("") };
}

/** The right upper corner of a cell, beside its digits. */
const corner = (row, column, size) => `${(column + 0.9) * size} ${(row + 0.16) * size}`;

/** The textures and roundings that this scene shows, in words. */
function legend(scene, corners) {
  const { image, kernel, output, geometry } = scene;
  const parts = [corners ? "Small digits in the corner: the weight on that cell." : "No room for weights on the cells: point at one to read its weight."];
  const padded = image.values.some((_, cell) => !origin(scene, cell).inside);
  if (padded)
    parts.push(`Dashed and hatched: padding, ${geometry.boundary === "constant" ? `fill value ${exactText(geometry.fill)}` : `copied (${geometry.boundary})`}.`);
  if (padded && geometry.boundary !== "constant")
    parts.push("Dots: where the window's padding was copied from; a line joins the lit cell to its source.");
  const [rows, columns] = geometry.unreached;
  if (rows || columns)
    parts.push(`Struck through at the corners: not reached (${[counted(rows, "row"), counted(columns, "column")].filter(Boolean).join(", ")}).`);
  if (!image.picture && (output.rows < output.wholeRows || output.columns < output.wholeColumns))
    parts.push(`Shown: the first ${output.rows} × ${output.columns} of ${output.wholeRows} × ${output.wholeColumns} positions.`);
  if (geometry.dilation.some((d) => d > 1)) parts.push("Veiled: skipped by dilation.");
  if (geometry.stride.some((s) => s > 1)) parts.push("Marked corners: where the window will stop.");
  const fractions = kernel.divisor > 1 || kernel.numerators.some(isRounded);
  if (fractions || [...image.values, ...output.values].some(isRounded))
    parts.push("Cells show three digits; the equation has them all.");
  return parts.join(" ");
}

const counted = (count, word) => (count ? `${count} ${word}${count > 1 ? "s" : ""}` : "");
