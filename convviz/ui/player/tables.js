// Real tables beside the drawing, for those who do not see it.
const WHOLE_TABLE = 32;

class Table {
  constructor(host, caption) {
    this.body = element("tbody");
    this.caption = element("caption", { text: caption });
    host.append(element("table", {}, this.caption, this.body));
    this.cells = [];
  }

  /** Fills the table with rows of texts; rows keep their number where only some are shown. */
  fill(rows, first = 0, name = (row) => `Row ${row + 1}`) {
    while (this.cells.length > rows.length) {
      this.cells.pop();
      this.body.lastChild.remove();
    }
    rows.forEach((texts, row) => this.fillRow(row, texts, name(first + row)));
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

  set(row, column, text) {
    setText(this.cells[row].list[column], text);
  }
}

/** The rows a table shows: all up to 32 x 32, else those round the window. */
function tableRows(rows, columns, from, count) {
  if (rows <= WHOLE_TABLE && columns <= WHOLE_TABLE) return [0, rows];
  const first = Math.max(0, from - 1);
  return [first, Math.min(rows, from + count + 1)];
}
