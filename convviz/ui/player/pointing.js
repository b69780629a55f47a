// Pointer and focus: partners light up, output cells preview, weights show what they meet.
function point(player) {
  const { stage } = player;
  const light = (at, cell) => player.light(at >= 0 ? at : player.current, cell);
  const leave = () => light(-1);
  const hover = (grid) => {
    grid.box.onpointermove = (event) => light(grid.at(event));
    grid.box.onpointerleave = leave;
  };
  hover(stage.kernel);
  hover(stage.products);
  stage.input.box.onpointermove = (event) => pointAt(player, stage.input.at(event), light);
  stage.input.box.onpointerleave = () => (leave(), stage.showNotes());
  stage.kernel.box.onclick = (event) => player.meet(stage.kernel.at(event));
  stage.output.box.onpointermove = (event) => event.pointerType !== "touch" && player.peek(stage.output.at(event) + 1);
  stage.output.box.onpointerleave = () => player.peek(0);
  stage.output.box.onclick = (event) => player.go(stage.output.at(event) + 1);
  const band = player.equation.host;
  const lightTerm = (event) => light(player.equation.termOf(event.target));
  band.onpointerover = lightTerm;
  band.onpointerleave = leave;
  band.addEventListener("focusin", lightTerm);
  band.addEventListener("focusout", leave);
}

/** Lights up what belongs to an input cell; padding that is not covered shows its source too. */
function pointAt({ stage, scene }, cell, light) {
  const at = stage.covered.indexOf(cell);
  light(at, cell < 0 ? undefined : cell);
  if (cell >= 0) setText(stage.input.note, readOut(scene, cell) + (at < 0 ? "" : `, weight ${stage.list[at].weight}`));
}

/** What the pointer is on, for the input's note. */
function readOut(scene, cell) {
  const from = origin(scene, cell);
  const value = exactText(scene.image.values[cell]);
  const place = (row, column) => `row ${row + 1}, column ${column + 1}`;
  return from.inside ? `${place(from.imageRow, from.imageColumn)}: ${value}`
    : from.filled ? `padding, fill value ${exactText(scene.geometry.fill)}`
      : `padding, copy of ${place(from.source.row, from.source.column)}: ${value}`;
}
