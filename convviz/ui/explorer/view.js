// What of the plane is seen: its top left corner and how large a pixel of the input is. Pure.
const LARGEST_CELL = 72;
const MARGIN = 0.25;

/** The smallest rectangle with the whole input and the whole map: [top, left, bottom, right]. */
export function worldOf({ shape, mapShape, anchor, stride }) {
  const origin = mapOrigin({ anchor, stride });
  const first = origin.map((at) => Math.min(0, Math.floor(at)));
  const end = [0, 1].map((a) => Math.max(shape[a], Math.ceil(origin[a] + mapShape[a] * stride[a])));
  return [...first, ...end];
}

/** Where the first cell of the map begins: cells are as wide as the stride, round their pixel. */
export function mapOrigin({ anchor, stride }) {
  return anchor.map((at, a) => at + 0.5 - stride[a] / 2);
}

/** The whole, in the middle of a pane. */
export function wholeView(world, pane) {
  const scale = Math.min(pane.height / (world[2] - world[0]), pane.width / (world[3] - world[1]), LARGEST_CELL);
  return settled({ top: world[0], left: world[1], scale }, world, pane);
}

/** Keeps a view on the plane: where all of it fits, it is in the middle. */
export function settled({ top, left, scale }, world, pane) {
  const along = (at, low, high, room) =>
    high - low <= room ? (low + high - room) / 2 : Math.max(low, Math.min(high - room, at));
  return {
    scale,
    top: along(top, world[0], world[2], pane.height / scale),
    left: along(left, world[1], world[3], pane.width / scale),
  };
}

/** Enlarges by a factor round a point of the pane, which stays where it is. */
export function zoomed(view, factor, point, world, pane) {
  const least = wholeView(world, pane).scale;
  const scale = Math.max(least, Math.min(Math.max(least, LARGEST_CELL), view.scale * factor));
  const top = view.top + point.y / view.scale - point.y / scale;
  const left = view.left + point.x / view.scale - point.x / scale;
  return settled({ top, left, scale }, world, pane);
}

/** Moves so that a pixel can be seen. */
export function revealing(view, [row, column], world, pane) {
  const along = (at, first, room) => Math.min(at, Math.max(first, at + 1 - room));
  const top = along(row, view.top, pane.height / view.scale);
  const left = along(column, view.left, pane.width / view.scale);
  return settled({ ...view, top, left }, world, pane);
}

/** The pixels that are seen, with a margin of so many parts of them: [top, left, bottom, right]. */
export function seen(view, world, pane, margin = 0) {
  const [rows, columns] = [pane.height / view.scale, pane.width / view.scale];
  return [
    Math.max(world[0], Math.floor(view.top - rows * margin)),
    Math.max(world[1], Math.floor(view.left - columns * margin)),
    Math.min(world[2], Math.ceil(view.top + rows * (1 + margin))),
    Math.min(world[3], Math.ceil(view.left + columns * (1 + margin))),
  ];
}

export const covers = (outer, inner) =>
  outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3];
