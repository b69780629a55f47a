// How large a cell may be, so that everything fits the width and, where it can, the height.
const STACKED_BELOW = 640;
const GAP = 24;
const WEIGHT_SIZES = [1, 0.85, 0.7];
const TITLE = 30;
const NOTE = 190;
const NARROWEST = 170;
const LENS_CELLS = 9;
const LENS_SIZE = 30;

/** Cell sizes in pixels for each grid, and whether the grids stand one under the other; titles are this high, those of the middle column on average. */
export function sizes(scene, width, height, largest, [left, middle, right] = [TITLE, TITLE, TITLE]) {
  const { image, kernel, output } = scene;
  if (width < STACKED_BELOW) {
    const half = Math.floor((width - 16) / 2);
    const weights = (above) => fit(Math.min(half / kernel.columns, Math.max(NUMBER_SIZE, (height - above) / kernel.rows)), 44);
    // Side by side where their numbers can be read, so that a window is seen with its output.
    const both = fit((width - 12) / (image.columns + output.columns), 44);
    const taller = Math.max(both * image.rows + left, both * output.rows + right) + middle + GAP / 2;
    if (both >= NUMBER_SIZE) return { stacked: true, image: both, kernel: weights(taller), output: both };
    return {
      stacked: true, image: fit(width / image.columns, 44), kernel: weights(0), output: fit(width / output.columns, 44),
    };
  }
  const tall = Math.max(NUMBER_SIZE, Math.min((height - left) / image.rows, (height - right) / output.rows));
  const room = Math.min((0.28 * width) / kernel.columns, Math.max(28, (height / 2 - middle - 8) / kernel.rows));
  const rest = (between, last = NOTE) => {
    const free = width - 2 * GAP - Math.max(between, NARROWEST);
    const even = free / (image.columns + output.columns);
    const cell = even * output.columns < last ? (free - last) / image.columns : even;
    return Math.min(cell, tall);
  };
  // A slightly smaller kernel may be all it takes for the numbers to fit.
  for (const share of WEIGHT_SIZES) {
    const weights = fit(room * share, Math.max(largest, 52) * share);
    const cell = fit(rest(weights * kernel.columns), largest);
    if (cell >= NUMBER_SIZE) return { stacked: false, image: cell, kernel: weights, output: cell };
  }
  const weights = fit(room, 44);
  const cell = fit(rest(weights * kernel.columns), largest);
  // The lens stands below what is lowest, so that all of it is seen.
  const heights = [cell * image.rows, 2 * weights * kernel.rows, cell * output.rows];
  const lensColumn = heights.indexOf(Math.min(...heights));
  const widths = [0, weights * kernel.columns, NOTE].map((one, at) => (at === lensColumn ? Math.max(one, lensColumns(scene) * LENS_SIZE) : one));
  const size = fit(rest(widths[1], widths[2]), largest);
  return { stacked: false, lensColumn, image: size, kernel: weights, output: size };
}

const fit = (size, largest) => Math.max(2, Math.floor(Math.min(size, largest)));

/** The lens holds the window and two cells round it, as far as they stay readable. */
const lensRows = ({ geometry, image }) => Math.min(geometry.extent[0] + 4, LENS_CELLS, image.rows);
const lensColumns = ({ geometry, image }) => Math.min(geometry.extent[1] + 4, LENS_CELLS, image.columns);

/** First row or column of the lens for a window that begins at `start`. */
export function lensStart(start, extent, cells, length) {
  const middle = start + Math.floor((extent - cells) / 2);
  return Math.max(0, Math.min(middle, length - cells));
}
