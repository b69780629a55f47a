// The window under the cursor, as numbers.
const LENS = 116;

function drawLens(canvas, found, spec, colours) {
  const side = LENS * devicePixelRatio;
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  if (!found?.cell) return;
  const [rows, columns] = found.windowShape;
  const cell = Math.floor(side / Math.max(rows, columns));
  const { low, high, diverging } = spec.inputScale;
  const readable = cell >= 20 * devicePixelRatio;
  context.font = `600 ${Math.min(15 * devicePixelRatio, cell * 0.4)}px ${colours.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.strokeStyle = colours.line;
  found.window.forEach((value, i) => {
    const [x, y] = [(i % columns) * cell, Math.floor(i / columns) * cell];
    const rgb = diverging ? divergingColour(value, high) : greyColour(value, low, high);
    context.setLineDash(found.padded[i] ? [3, 3] : []);
    context.fillStyle = found.padded[i] ? colours.padding : css(rgb);
    context.fillRect(x, y, cell, cell);
    context.strokeRect(x + 0.5, y + 0.5, cell - 1, cell - 1);
    if (!readable || value == null) return;
    context.fillStyle = found.padded[i] ? colours.paddingText : inkOn(rgb);
    context.fillText(cellText(value), x + cell / 2, y + cell / 2 + 1, cell * 0.92);
  });
}
