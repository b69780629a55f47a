// Cells to type in: real text fields, moved through as in a spreadsheet.
const REST = 250;
const cellsOf = (ui) => [...ui.cells.children];
const fieldsOf = (ui) => [...cellsOf(ui), ui.factor];
const shapeOf = (ui) => [Number(ui.cells.dataset.rows), Number(ui.cells.dataset.columns)];

function buildGrid(ui, rows, columns) {
  ui.cells.dataset.rows = rows;
  ui.cells.dataset.columns = columns;
  ui.cells.style.setProperty("--columns", columns);
  ui.cells.classList.toggle("snug", columns > 5);
  ui.cells.classList.toggle("small", columns > 7);
  const cell = (_, at) => element("input", {
    type: "text", maxlength: 64, autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "next",
    "aria-label": `Row ${Math.floor(at / columns) + 1}, column ${(at % columns) + 1}`,
  });
  ui.cells.replaceChildren(...Array.from({ length: rows * columns }, cell));
}

/** Shows the texts Python knows, except where the user has typed on. */
function updateGrid(ui, data) {
  const [rows, columns] = data.drawn ? [0, 0] : [data.cells.length, data.cells[0].length];
  const held = cellsOf(ui).indexOf(ui.active());
  if (String(shapeOf(ui)) !== String([rows, columns])) {
    const [, before] = shapeOf(ui);
    buildGrid(ui, rows, columns);
    if (held >= 0) focusCell(ui, Math.floor(held / before), held % before);
  }
  const texts = data.drawn ? [] : data.cells.flat();
  fieldsOf(ui).forEach((field, at) => showText(ui, field, withMinus(texts[at] ?? data.factor)));
  const wrong = new Set(data.wrong.map(([row, column]) => row * columns + column));
  fieldsOf(ui).forEach((field, at) => {
    const bad = field === ui.factor ? data.wrongFactor : wrong.has(at);
    field.setAttribute("aria-invalid", bad);
    if (bad) field.setAttribute("aria-describedby", "message");
    else field.removeAttribute("aria-describedby");
  });
  tint(ui);
}

function showText(ui, field, text) {
  const isHeld = field === ui.active();
  if (isHeld && (ui.growing || field.value !== field.dataset.known)) return;
  if (field.value !== text) {
    field.value = text;
    field.dataset.before = text;
    if (isHeld) field.select();
  }
  field.dataset.known = text;
}

function tint(ui) {
  const values = cellsOf(ui).map((cell) => numberOf(cell.value));
  const fill = fillOf(values, ui.data.greys);
  cellsOf(ui).forEach((cell, at) => {
    const rgb = Number.isNaN(values[at]) ? null : fill(values[at]);
    cell.style.background = rgb ? css(rgb) : "";
    cell.style.color = rgb ? inkOn(rgb) : "";
    cell.style.setProperty("--length", Math.max(1, cell.value.length));
  });
}

/** Sends what stands in the fields; while typing, only what already makes sense. */
function sendTexts(ui, typing) {
  const texts = cellsOf(ui).map((cell) => cell.value);
  const [rows, columns] = shapeOf(ui);
  const cells = Array.from({ length: rows }, (_, row) => texts.slice(row * columns, (row + 1) * columns));
  for (const field of fieldsOf(ui)) field.dataset.known = field.value;
  ui.growing = typing;
  ui.outbox.post({ kind: "cells", cells: ui.data.drawn ? null : cells, factor: ui.factor.value, typing });
}

function commit(ui, field) {
  clearTimeout(ui.rest);
  field.value = withMinus(field.value.trim());
  if (field.value !== field.dataset.known || ui.growing) sendTexts(ui, false);
  field.dataset.before = field.value;
  tint(ui);
}

function typed(ui, field) {
  tint(ui);
  clearTimeout(ui.rest);
  if (!isComplete(field.value)) return;
  ui.rest = setTimeout(() => field.isConnected && field.value !== field.dataset.known && sendTexts(ui, true), REST);
}

function restore(ui, field) {
  clearTimeout(ui.rest);
  field.value = field.dataset.before;
  commit(ui, field);
  field.select();
}

function focusCell(ui, row, column) {
  const [rows, columns] = shapeOf(ui);
  const inside = (at, count) => Math.max(0, Math.min(count - 1, at));
  const cell = ui.cells.children[inside(row, rows) * columns + inside(column, columns)];
  cell?.focus();
  cell?.select();
}

/** Which way a key leads out of a cell, as [rows, columns]; null when it stays in the text. */
function directionOf(event, field) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const isWhole = start === 0 && end === value.length;
  const atStart = isWhole || (start === 0 && end === 0);
  const atEnd = isWhole || (start === value.length && end === value.length);
  if (event.key === "Enter") return [event.shiftKey ? -1 : 1, 0];
  if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return null;
  return { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: atStart && [0, -1], ArrowRight: atEnd && [0, 1] }[event.key] || null;
}

function fieldKey(ui, event) {
  const field = event.target;
  const letter = (event.ctrlKey || event.metaKey) && event.key.toLowerCase();
  const isRedo = letter === "y" || (letter === "z" && event.shiftKey);
  if ((letter === "z" || isRedo) && field.value === field.dataset.before && !ui.growing) {
    event.preventDefault();
    ui.outbox.post({ kind: isRedo ? "redo" : "undo" });
  } else if (event.key === "Escape") {
    restore(ui, field);
  } else if (field === ui.factor) {
    if (event.key === "Enter") commit(ui, field);
  } else {
    const direction = directionOf(event, field);
    if (!direction) return;
    event.preventDefault();
    commit(ui, field);
    const at = cellsOf(ui).indexOf(field);
    const [, columns] = shapeOf(ui);
    focusCell(ui, Math.floor(at / columns) + direction[0], (at % columns) + direction[1]);
  }
}
