// What a learner answered: the number in it, whether it is right, and the slip that would explain it.
const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const FEWEST_DIGITS = 3;
const LONGEST = 7;

/** The number in "-3", "\u22123", "0.5" or "1/9"; NaN for anything else. */
export function readNumber(text) {
  const parts = text.replace(/[\u2212\u2013]/g, "-").split("/").map((part) => part.trim());
  if (parts.length > 2 || !parts.every((part) => PLAIN.test(part))) return NaN;
  const value = parts.reduce((over, under) => over / under);
  return Number.isFinite(Number(value)) ? Number(value) : NaN;
}

/** What is wrong with the form of an answer, as a sentence; "" if it is a number. */
export function complaint(text) {
  if (!Number.isNaN(readNumber(text))) return "";
  if (!text.trim()) return "Write a number first, such as \u22123, 0.5 or 1/9.";
  if (/^[^,]*\d,\d[^,]*$/.test(text)) return `Write "${text.trim()}" with a point: ${text.trim().replace(",", ".")}.`;
  return `"${text.trim()}" is no number: write it like \u22123, 0.5 or 1/9.`;
}

/** Whether an answer is the value, or the value rounded to the digits written, or to those of its cell. */
export function isRight(value, text) {
  return equal(readNumber(text), value) || isRounding(value, text);
}

/** Equal but for the last digits of a float, or as a cell shows it. */
const equal = (answer, value) =>
  Math.abs(answer - value) <= 1e-9 * Math.abs(value) || answer === readNumber(cellText(value));

function isRounding(value, text, fewest = FEWEST_DIGITS) {
  const [digits, power = 0] = text.toLowerCase().split("e");
  const written = digits.replace(/\D/g, "").replace(/^0+/, "");
  if (text.includes("/") || written.length < fewest) return false;
  const unit = 10 ** (Number(power) - (digits.split(".")[1] ?? "").trim().length);
  return Math.abs(readNumber(text) - value) <= 0.5 * unit * (1 + 1e-9);
}

/** What to say of a number that has too few digits. */
export function coarse(value, text) {
  return isRounding(value, text, 1) ? { text: "Three digits are asked for.", at: -1 } : null;
}

/** The first slip that would explain an answer, {text, at}: at is the term it is about, or -1; null if none would. */
export function slip(scene, step, answer) {
  const { value } = place(scene, step);
  if (equal(answer, value)) return null;
  const list = terms(scene, step);
  const found = [...wholeSlips(scene, list, value), ...termSlips(scene, list)].find(([number]) => equal(answer, number));
  return found ? { text: found[1], at: found[2] ?? -1 } : null;
}

const finished = ({ kernel, bias }, sum) => sum * readNumber(kernel.factor) + bias;

/** Numbers that a slip over the whole sum leads to, each with its sentence. */
function wholeSlips(scene, list, value) {
  const { kernel, bias } = scene;
  const { sum } = list.at(-1);
  const factor = readNumber(kernel.factor);
  const turned = finished(scene, turnedSum(scene, list));
  const how = kernel.flip ? "with the kernel as typed: convolution turns it by 180° first."
    : "with the kernel turned by 180°: cross-correlation uses it as typed.";
  const sign = equal(turned, -value) ? `The sign is the other one, as ${how}` : "The size is right, the sign of the sum is not.";
  const slips = [[-value, sign], [turned, `That is ${how}`]];
  if (bias !== 0) slips.push([sum * factor, `Without bias ${exactText(bias)} it is ${tidy(sum * factor)}.`]);
  const missing = (what, number) => {
    slips.push([number + bias, `Without ${what} it is ${tidy(number + bias)}.`]);
    if (bias !== 0) slips.push([number, `Without ${what} and without bias ${exactText(bias)} it is ${tidy(number)}.`]);
  };
  if (factor !== 1) missing(`the factor ${withMinus(kernel.factor)}`, sum);
  if (kernel.texts.some((text) => text.includes("/"))) missing(`the divisor ${kernel.divisor}`, sum * kernel.divisor * factor);
  return slips;
}

/** The sum with the kernel the other way round. */
function turnedSum({ kernel }, list) {
  const turned = [...list].reverse();
  return list.reduce((sum, term, at) => sum + term.pixel * kernel.numerators[turned[at].tap], 0) / kernel.divisor;
}

/** Numbers that one missed term leads to, then those that one turned sign does. */
function termSlips(scene, list) {
  const { sum } = list.at(-1);
  return [1, 2].flatMap((times) => list.map((term, at) => {
    const number = finished(scene, sum - times * term.product);
    const name = `${exactText(term.pixel)} × ${term.weight}`;
    const where = `kernel row ${Math.floor(at / scene.kernel.columns) + 1}, column ${(at % scene.kernel.columns) + 1}`;
    const result = `${scene.bias || scaled(scene) ? "it" : "the sum"} is ${tidy(number)}.`;
    return [number, times === 1 ? `Without ${name} at ${where} ${result}` : `With the sign of ${name} at ${where} turned ${result}`, at];
  })).filter(([, , at]) => list[at].product !== 0);
}

/** A number without the noise of a float's last digits; three digits where there are many after the point. */
export function tidy(number) {
  const text = exactText(Number(number.toPrecision(12)));
  return text.length > LONGEST && !Number.isInteger(number) ? `≈ ${cellText(number)}` : text;
}
