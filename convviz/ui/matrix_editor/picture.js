// Too many cells to type in: one picture dot a cell, and the value of one of them in words.
const CELL = 16;
const TALLEST = 320;

function updatePicture(ui, data) {
  ui.picture.hidden = !data.drawn;
  if (!data.drawn) return;
  const [rows, columns] = [data.cells.length, data.cells[0].length];
  const values = data.cells.flat().map(numberOf);
  const fill = fillOf(values, data.greys);
  ui.canvas.width = columns;
  ui.canvas.height = rows;
  const dots = new ImageData(columns, rows);
  values.forEach((value, at) => dots.data.set([...fill(value), 255], at * 4));
  ui.canvas.getContext("2d").putImageData(dots, 0, 0);
  ui.frame.style.maxWidth = `${columns * Math.min(CELL, TALLEST / rows)}px`;
  const use = "Arrow keys move from cell to cell.";
  ui.canvas.setAttribute("aria-label", `${data.label}, ${rows} rows, ${columns} columns. ${use}`);
  moveCursor(ui, ...ui.at);
}

function moveCursor(ui, row, column) {
  const [rows, columns] = [ui.canvas.height, ui.canvas.width];
  ui.at = [Math.max(0, Math.min(rows - 1, row)), Math.max(0, Math.min(columns - 1, column))];
  const share = (at, count) => `${(100 * at) / count}%`;
  Object.assign(ui.cursor.style, {
    top: share(ui.at[0], rows), left: share(ui.at[1], columns), height: share(1, rows), width: share(1, columns),
  });
  readCell(ui, ...ui.at);
}

function readCell(ui, row, column) {
  const { cells, factor } = ui.data;
  const value = factor === "1" ? cells[row][column] : `${factor} × ${cells[row][column]}`;
  setText(ui.reading, `Row ${row + 1}, column ${column + 1}: ${withMinus(value)}`);
}

function cellUnder(ui, event) {
  const box = ui.canvas.getBoundingClientRect();
  const share = (at, length, count) => Math.max(0, Math.min(count - 1, Math.floor((at / length) * count)));
  return [
    share(event.clientY - box.top, box.height, ui.canvas.height),
    share(event.clientX - box.left, box.width, ui.canvas.width),
  ];
}

function pictureKey(ui, event) {
  const [row, column] = ui.at;
  const to = {
    ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
    Home: [row, 0], End: [row, Infinity],
  }[event.key];
  if (!to) return;
  event.preventDefault();
  moveCursor(ui, ...to);
}

function watchPicture(ui) {
  ui.canvas.onkeydown = (event) => pictureKey(ui, event);
  ui.canvas.onpointermove = (event) => readCell(ui, ...cellUnder(ui, event));
  ui.canvas.onpointerleave = () => readCell(ui, ...ui.at);
  ui.canvas.onclick = (event) => moveCursor(ui, ...cellUnder(ui, event));
}
