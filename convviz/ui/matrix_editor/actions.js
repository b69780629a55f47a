// The buttons: each sends one word, and Python answers with the matrix.
const LESS = "M5 11h14v2H5z";
const MORE = "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z";

function pressed(ui, button) {
  const held = ui.active();
  if (fieldsOf(ui).includes(held)) commit(ui, held); // a press need not take the focus
  if (isDisabled(button)) {
    if (button === ui.accept) sendText(ui); // the answer says what is missing
    return;
  }
  const { do: action, word, less, more } = button.dataset;
  if (action) ui.outbox.post({ kind: "do", action });
  else if (word) ui.outbox.post({ kind: word });
  else if (less) resize(ui, less, -1);
  else if (more) resize(ui, more, 1);
  else if (button === ui.accept) accept(ui);
  else if (button === ui.cancel) cancel(ui);
  else if (ui.panel.hidden) openPanel(ui);
  else cancel(ui);
}

function resize(ui, side, by) {
  const field = ui.sizes[side];
  const most = Number(field.max);
  const wanted = Math.round(Number(field.value)) + by;
  // What is no size must not cost rows; a size that is too large only adds zeros.
  field.value = wanted >= 1 ? Math.min(most, wanted) : field.dataset.known;
  if (field.value === field.dataset.known) return;
  field.dataset.known = field.value;
  ui.outbox.post({ kind: "size", rows: Number(ui.sizes.rows.value), columns: Number(ui.sizes.columns.value) });
}

function updateActions(ui, data) {
  const shape = { rows: data.cells.length, columns: data.cells[0].length };
  ["rows", "columns"].forEach((side, at) => {
    const field = ui.sizes[side];
    field.max = data.most[at];
    if (field !== ui.active() || field.value === field.dataset.known) field.value = shape[side];
    field.dataset.known = shape[side];
    setDisabled(ui.root.querySelector(`[data-less=${side}]`), shape[side] <= 1);
    setDisabled(ui.root.querySelector(`[data-more=${side}]`), shape[side] >= data.most[at]);
  });
  for (const word of ["undo", "redo"]) setDisabled(ui.root.querySelector(`[data-word=${word}]`), !data[word]);
}

const isDisabled = (button) => button.getAttribute("aria-disabled") === "true";

/** Keeps the focus where it is: a button that is really disabled would lose it. */
const setDisabled = (button, off) => button.setAttribute("aria-disabled", String(off));
