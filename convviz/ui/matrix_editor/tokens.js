// The texts of cells. Python decides what a number is; here it is only guessed while one is typed.
const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,2})?)(?:\/([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,2})?))?$/i;
const plain = (text) => text.trim().replaceAll(MINUS, "-");

/** The number a text stands for, to colour its cell; NaN when it is none (yet). */
function numberOf(text) {
  const [, over, under = "1"] = plain(text).match(NUMBER) ?? [];
  const value = Number(over) / Number(under);
  return Number.isFinite(value) ? value : NaN;
}

/** Whether a text can be sent while it is being typed: not "-", "1/" or the "1/0" of "1/0.5". */
const isComplete = (text) => !Number.isNaN(numberOf(text));

/** Whether pasted text is more than one cell can hold. */
const isSeveral = (text) => /[\s,;&|[\](){}\\]/.test(text.trim());

/** The fill of a value: a colour that is the same in both themes. */
function fillOf(values, greys) {
  if (greys) return (value) => greyColour(value, ...greys);
  const limit = Math.max(...values.map(Math.abs).filter((size) => size >= 0), 0);
  return (value) => divergingColour(value, limit);
}
