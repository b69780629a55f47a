// Real tables beside the drawing, for those who do not see it.
const WHOLE_TABLE = 32;

class Table {
  constructor(host, caption) {
    this.caption = element("caption", { text: caption });
    this.head = element("tr", {}, element("td"));
    this.body = element("tbody");
    host.append(element("table", {}, this.caption, element("thead", {}, this.head), this.body));
    this.cells = [];
  }

  /** Fills the table with rows of texts; rows keep their number where only some are shown. */
  fill(rows, { row: rowName, column: columnName }, first = 0) {
    while (this.cells.length > rows.length) {
      this.cells.pop();
      this.body.lastChild.remove();
    }
    this.nameColumns(rows[0]?.length ?? 0, columnName);
    rows.forEach((texts, row) => this.fillRow(row, texts, rowName(first + row)));
  }

  nameColumns(count, name) {
    const heads = this.head.cells;
    while (heads.length > count + 1) heads[count + 1].remove();
    for (let column = 0; column < count; column++) {
      if (!heads[column + 1]) this.head.append(element("th", { scope: "col" }));
      setText(heads[column + 1], name(column));
    }
  }

  fillRow(row, texts, name) {
    const cells = (this.cells[row] ??= this.makeRow());
    setText(cells.head, name);
    while (cells.list.length > texts.length) cells.list.pop().remove();
    texts.forEach((text, column) => {
      if (!cells.list[column]) cells.line.append((cells.list[column] = element("td")));
      setText(cells.list[column], text);
    });
  }

  makeRow() {
    const head = element("th", { scope: "row" });
    const line = element("tr", {}, head);
    this.body.append(line);
    return { head, line, list: [] };
  }

  /** Writes one cell, by its number in reading order. */
  set(at, columns, text) {
    setText(this.cells[Math.floor(at / columns)].list[at % columns], text);
  }
}

/** The four tables of a scene: filled once, then changed where a step changes them. */
class Tables {
  constructor(host) {
    for (const name of ["Input", "Kernel", "Products", "Output"]) this[name.toLowerCase()] = new Table(host, name);
  }

  load(scene) {
    const { kernel, output, image } = scene;
    Object.assign(this, { scene, filled: 0, asked: -1, covered: new Set() });
    setText(this.kernel.caption, kernelCaption(kernel));
    this.weightNames = names({ firstRow: 0, firstColumn: 0, wholeRows: kernel.rows, wholeColumns: kernel.columns });
    this.kernel.fill(slices(kernel.taps.map((tap) => withMinus(kernel.texts[tap])), kernel.columns), this.weightNames);
    if (isWhole(image)) this.input.fill(slices(image.values.map((_, cell) => this.inputText(cell)), image.columns), names(image));
    if (isWhole(output)) this.output.fill(slices(output.values.map(() => ""), output.columns), names(output));
  }

  /** What a cell of the input is called: its number, and whether it is padding or covered. */
  inputText(cell) {
    const { image } = this.scene;
    const padding = origin(this.scene, cell).inside ? "" : ", padding";
    return exactText(image.values[cell]) + padding + (this.covered.has(cell) ? ", covered" : "");
  }

  show(list, count, filled, spot, asked) {
    const { kernel, output, image, geometry } = this.scene;
    this.products.fill(slices(list.map((term, at) => (at < count ? exactText(term.product) : "")), kernel.columns), this.weightNames);
    const before = this.covered;
    this.covered = new Set(list.map((term) => term.cell));
    if (isWhole(image)) for (const cell of new Set([...before, ...this.covered])) this.input.set(cell, image.columns, this.inputText(cell));
    else this.fillNear(this.input, image, spot.top, geometry.extent[0], (cell) => this.inputText(cell));
    const written = (at) => (at === asked ? "?" : at < filled ? exactText(output.values[at]) : "");
    if (!isWhole(output)) this.fillNear(this.output, output, spot.row, 1, written);
    else for (let at = Math.min(filled, this.filled); at < Math.max(filled, this.filled); at++) this.output.set(at, output.columns, written(at));
    if (isWhole(output)) for (const at of [this.asked, asked]) if (at >= 0) this.output.set(at, output.columns, written(at));
    Object.assign(this, { filled, asked });
  }

  /** The rows of a large table round the window. */
  fillNear(table, part, from, count, write) {
    const first = Math.max(0, from - 1);
    const length = (Math.min(part.rows, from + count + 1) - first) * part.columns;
    const texts = Array.from({ length }, (_, at) => write(first * part.columns + at));
    table.fill(slices(texts, part.columns), names(part), first);
  }
}

const isWhole = ({ rows, columns }) => rows <= WHOLE_TABLE && columns <= WHOLE_TABLE;

const kernelCaption = ({ factor, flip }) =>
  `Kernel${factor === "1" ? "" : `, times ${withMinus(factor)}`}${flip ? ", as used: turned by 180 degrees" : ""}`;

/** What drawn rows and columns are called: by their numbers in the whole image or output. */
function names({ firstRow, wholeRows, firstColumn, wholeColumns }) {
  const name = (word, first, whole) => (at) => (first + at >= 0 && first + at < whole ? `${word} ${first + at + 1}` : "Padding");
  return { row: name("Row", firstRow, wholeRows), column: name("Column", firstColumn, wholeColumns) };
}

function slices(list, size) {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, row) => list.slice(row * size, row * size + size));
}
