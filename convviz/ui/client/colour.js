// Fill is value. The stops come from Python; this file only looks them up.
const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const STOPS = DIVERGING.map(channels);

/** The diverging colour of a value, symmetric round 0, as [r, g, b]. */
export function divergingColour(value, limit) {
  const share = limit > 0 ? Math.max(-1, Math.min(1, value / limit)) : 0;
  const at = ((share + 1) / 2) * (STOPS.length - 1);
  const low = Math.min(Math.floor(at), STOPS.length - 2);
  return STOPS[low].map((from, c) => Math.round(from + (STOPS[low + 1][c] - from) * (at - low)));
}

/** The grey of a value between low (black) and high (white), as [r, g, b]. */
export function greyColour(value, low, high) {
  const share = high > low ? Math.max(0, Math.min(1, (value - low) / (high - low))) : 0;
  return Array(3).fill(Math.round(255 * share));
}

/** Black or white digits, whichever reads better on this fill. */
export function inkOn(rgb) {
  const linear = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.179 ? "#000" : "#fff";
}

export const css = (rgb) => `rgb(${rgb.join(",")})`;
