// The scene as Python sent it, and the only arithmetic there is: a product, and a sum in order.

/** The terms of one position, in row-major order over the window. */
export function terms(scene, step) {
  const { image, kernel, geometry, output } = scene;
  const row = geometry.rowStarts[Math.floor((step - 1) / output.columns)];
  const column = geometry.columnStarts[(step - 1) % output.columns];
  const list = [];
  let sum = 0;
  kernel.taps.forEach((tap, at) => {
    const cellRow = row + geometry.tapRows[Math.floor(at / kernel.columns)];
    const cellColumn = column + geometry.tapColumns[at % kernel.columns];
    const cell = cellRow * image.columns + cellColumn;
    const scaled = image.values[cell] * kernel.numerators[tap];
    sum = at === 0 ? scaled : sum + scaled;
    list.push({
      cell, tap,
      pixel: image.values[cell],
      weight: withMinus(kernel.texts[tap]),
      product: scaled / kernel.divisor,
      sum: sum / kernel.divisor,
    });
  });
  return list;
}

const HIDDEN = "Output hidden: predict.";

/** Where one position's window begins in the drawn image, and its output cell. */
export function place(scene, step) {
  const { geometry, output } = scene;
  const row = Math.floor((step - 1) / output.columns);
  const column = (step - 1) % output.columns;
  return {
    row, column,
    top: geometry.rowStarts[row], left: geometry.columnStarts[column],
    value: output.values[step - 1],
  };
}

const stepCount = (scene) => scene.output.rows * scene.output.columns;
const weightOf = (scene, tap) => scene.kernel.numerators[tap] / scene.kernel.divisor;

/** Sums of each kernel row's products: what a long equation shows first. */
export function rowSums(scene, list) {
  const { columns, divisor, numerators } = scene.kernel;
  const sums = [];
  for (let at = 0; at < list.length; at += columns) {
    const row = list.slice(at, at + columns);
    sums.push(row.reduce((sum, term) => sum + term.pixel * numerators[term.tap], 0) / divisor);
  }
  return sums;
}

/** What a drawn input cell is: its place in the image, and where padding was copied from. */
export function origin(scene, cell) {
  const { image } = scene;
  const row = Math.floor(cell / image.columns);
  const column = cell % image.columns;
  const imageRow = row + image.firstRow;
  const imageColumn = column + image.firstColumn;
  const inside = imageRow >= 0 && imageRow < image.wholeRows
    && imageColumn >= 0 && imageColumn < image.wholeColumns;
  const source = { row: image.rowSources[row], column: image.columnSources[column] };
  return { row, column, imageRow, imageColumn, inside, source, filled: source.row < 0 || source.column < 0 };
}

/** One position as a sentence, ending in its exact value, or in a question. */
export function sentence(scene, step, whole = false, hidden = false) {
  const list = terms(scene, step);
  const { row, column, value } = place(scene, step);
  const { output, bias, kernel } = scene;
  const where = `Position ${step} of ${stepCount(scene)}, output row ${output.firstRow + row + 1}, `
    + `column ${output.firstColumn + column + 1}.`;
  const spoken = (term) => `${exactText(term.pixel)} times ${term.weight}`;
  let sum = whole || list.length <= 9
    ? list.map(spoken).join(", plus ")
    : kernel.rows <= 5 && !hidden
      ? `${list.length} products, row sums ${rowSums(scene, list).map(exactText).join(", ")}`
      : `The sum of ${list.length} products`;
  if (kernel.factor !== "1") sum += `, in all ${hidden ? "" : `${exactText(list.at(-1).sum)}, `}times ${withMinus(kernel.factor)}`;
  if (bias !== 0) sum += `, plus bias ${exactText(bias)}`;
  if (list.length > 9 && !whole) sum += ",";
  if (hidden) return `${where} ${HIDDEN} ${sum} equals what?`;
  return `${where} ${sum} equals ${exactText(value)}.`;
}

/** One multiply-add as a sentence. */
export function termSentence(scene, step, count, hidden = false) {
  const list = terms(scene, step);
  if (count >= list.length) return sentence(scene, step, false, hidden);
  const term = list[count - 1];
  if (hidden) return `Position ${step} of ${stepCount(scene)}, term ${count} of ${list.length}. ${exactText(term.pixel)} times ${term.weight}. ${HIDDEN}`;
  return `Position ${step} of ${stepCount(scene)}, term ${count} of ${list.length}. `
    + `${exactText(term.pixel)} times ${term.weight} is ${exactText(term.product)}; `
    + `the running sum equals ${exactText(term.sum)}.`;
}
