// Numbers as people read them: a true minus sign, three digits in a cell, every digit elsewhere.
const MINUS = "\u2212";
const withMinus = (text) => text.replaceAll("-", MINUS);

/** Every digit: the shortest text that reads back as the same number. */
export function exactText(value) {
  return withMinus(String(Object.is(value, -0) ? 0 : value));
}

/** At most three significant digits, short enough for a cell. */
export function cellText(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1000 && size < 10000 && Number.isInteger(value)) return withMinus(String(value));
  if (size >= 1e4 || size < 1e-3) {
    const [digits, power] = value.toExponential(size >= 1e100 ? 0 : 1).split("e");
    return withMinus(`${Number(digits)}e${Number(power)}`);
  }
  const digits = size >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
  return withMinus(String(digits));
}

/** Whether cellText() dropped digits of this number. */
export const isRounded = (value) => Number(cellText(value).replaceAll(MINUS, "-")) !== value;
