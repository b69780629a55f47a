// The equation band: chips that look like the cells they came from, and the sum they grow to.
const OPEN_TERMS = 5;
const CHIP_LETTERS = 6;

class Equation {
  /** meet(at) shows every input that a term's weight ever meets. */
  constructor(host, meet) {
    this.host = host;
    this.box = element("div", { class: "terms" });
    this.end = element("div", { class: "end" });
    this.lead = element("span", { class: "lead" });
    this.rows = [];
    host.append(this.box, this.end);
    host.onclick = ({ target }) => {
      const row = this.rows.findIndex((one) => one.button.contains(target));
      if (row >= 0) this.open(row, this.rows[row].inside.hidden);
      else if (this.termOf(target) >= 0) meet(this.termOf(target));
    };
    host.onkeydown = (event) => this.key(event);
    host.addEventListener("focusin", ({ target }) => this.termOf(target) >= 0 && this.rove(this.termOf(target)));
  }

  /** Makes room for a scene's numbers before anybody measures; later steps only change texts and colours. */
  shape(scene) {
    const { rows, columns, texts } = scene.kernel;
    if (rows !== this.rows.length || columns !== this.columns) this.build(rows, columns);
    // As wide in every step, so that no line breaks elsewhere in the next one.
    this.host.style.setProperty("--pixel", letters(scene.image.values.map(exactText)));
    this.host.style.setProperty("--weight", letters(texts));
    const longest = this.leadText(scene, stepCount(scene));
    if (longest === this.longest) return;
    this.longest = longest;
    this.lead.style.minWidth = "";
    setText(this.lead, longest);
    // In em, so that it fits every text size.
    this.lead.style.minWidth = `${this.lead.offsetWidth / parseFloat(getComputedStyle(this.lead).fontSize)}em`;
  }

  /** Builds the chips for a kernel's shape. */
  build(rows, columns) {
    Object.assign(this, { columns, following: -1, folded: rows > OPEN_TERMS || columns > OPEN_TERMS });
    this.terms = [];
    this.rows = Array.from({ length: rows }, (_, row) => this.makeRow(row, columns, row === rows - 1));
    this.host.classList.toggle("folded", this.folded);
    this.box.replaceChildren(this.lead, ...this.rows.map((row) => row.group));
    this.rove(0);
  }

  makeRow(row, columns, last) {
    const group = element("span", { class: "row" });
    const inside = element("span", { class: "row-terms", hidden: this.folded });
    for (let column = 0; column < columns; column++) {
      const term = this.makeTerm(row * columns + column);
      this.terms.push(term);
      inside.append(term.node);
      if (column < columns - 1) inside.append(sign("+"));
    }
    const subtotal = element("span", { class: "chip" });
    const button = element("button", { class: "row-sum", type: "button", "aria-expanded": "false" },
      sign(`row ${row + 1}`), subtotal);
    if (this.folded) group.append(button);
    group.append(inside);
    if (!last) (this.folded ? group : inside).append(sign("+"));
    return { group, inside, button, subtotal };
  }

  makeTerm(at) {
    const [pixel, weight] = [element("span", { class: "chip pixel" }), element("span", { class: "chip weight" })];
    const node = element("button", { class: "term", type: "button", "data-term": at, tabindex: -1 }, pixel, sign("×"), weight);
    return { node, pixel, weight };
  }

  /** The term an element belongs to, or -1. */
  termOf(target) {
    return Number(target.closest("[data-term]")?.dataset.term ?? -1);
  }

  open(row, open) {
    if (!this.rows[row]) return;
    this.rows[row].inside.hidden = !open;
    this.rows[row].button.setAttribute("aria-expanded", String(open));
    this.rove(open ? row * this.columns : this.terms.findIndex(({ node }) => node.offsetParent));
  }

  /** All terms are one stop of the Tab key; the arrow keys go from one to the next. */
  rove(at) {
    this.terms.forEach(({ node }, index) => (node.tabIndex = index === at ? 0 : -1));
  }

  key(event) {
    const at = this.termOf(event.target);
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: this.columns, ArrowUp: -this.columns }[event.key];
    if (at < 0 || !by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.terms[at + by]?.node.focus();
  }

  leadText(scene, step) {
    const { row, column } = place(scene, step);
    const { output, kernel } = scene;
    const opening = scaled(scene) ? ` ${withMinus(kernel.factor)} × (` : "";
    return `Output row ${output.firstRow + row + 1}, column ${output.firstColumn + column + 1} =${opening}`;
  }

  /** Shows the first `count` terms of a position; all of them make the result, which may be hidden. */
  show(scene, step, list, count, looks, hidden) {
    setText(this.lead, this.leadText(scene, step));
    list.forEach((term, at) => this.showTerm(this.terms[at], term, at < count, looks));
    if (this.folded) this.showRows(rowSums(scene, list), hidden ? 0 : Math.floor(count / this.columns), looks);
    this.end.replaceChildren(...(hidden ? unknown(scene)
      : count < list.length ? sumSoFar(scene, list, count, looks) : result(scene, list, place(scene, step).value, looks)));
  }

  showTerm(chips, term, done, looks) {
    dress(chips.pixel, exactText(term.pixel), looks.cell(term.cell));
    dress(chips.weight, term.weight, looks.weight(term.tap));
    const state = done ? (term.product === 0 ? "term zero" : "term") : "term waiting";
    if (chips.node.className !== state) chips.node.className = state;
  }

  /** Sums of the rows that are complete. */
  showRows(sums, complete, looks) {
    this.rows.forEach(({ subtotal }, row) =>
      row < complete ? dress(subtotal, exactText(sums[row]), looks.product(sums[row])) : dress(subtotal, "…", EMPTY));
  }

  mark(at) {
    this.terms.forEach(({ node }, index) => node.classList.toggle("now", index === at));
  }

  /** Keeps the term that is being added in view, and its row open where rows are folded. */
  follow(at) {
    const row = at < 0 || !this.folded ? -1 : Math.floor(at / this.columns);
    if (row !== this.following) {
      this.open(this.following, false);
      this.open((this.following = row), true);
    }
    if (at < 0) return;
    const { offsetTop: top, offsetHeight: height } = this.terms[at].node;
    const { scrollTop, clientHeight } = this.box;
    if (top < scrollTop || top + height > scrollTop + clientHeight) this.box.scrollTop = top - (clientHeight - height) / 2;
  }
}

const scaled = (scene) => scene.kernel.factor !== "1";

const sign = (text) => element("span", { class: "sign", text });

/** Room for the longest of these texts, in digits. */
const letters = (texts) => Math.min(CHIP_LETTERS, Math.max(...texts.map((text) => text.length)));

/** The chip that ends in the output cell; the outline says that it is now. */
function total(value, look, kind) {
  const chip = element("span", { class: `chip ${kind}` });
  dress(chip, look.text && look === ASKED ? look.text : exactText(value), look);
  return chip;
}

function sumSoFar(scene, list, count, looks) {
  const { sum } = list[count - 1];
  return [
    sign(scaled(scene) ? `) = ${withMinus(scene.kernel.factor)} ×` : "="),
    total(sum, looks.product(sum), "total partial"), sign(`so far: ${count} of ${list.length} terms`),
  ];
}

const addedBias = ({ bias }) => (bias === 0 ? "" : ` + bias ${exactText(bias)}`);

/** The end of an equation whose result is to be predicted: no sum is in it. */
function unknown(scene) {
  const rest = (scaled(scene) ? ")" : "") + addedBias(scene);
  return [...(rest ? [sign(rest)] : []), sign("="), total(NaN, ASKED, "total")];
}

function result(scene, list, value, looks) {
  const { kernel } = scene;
  const parts = [];
  const added = addedBias(scene);
  if (scaled(scene)) parts.push(sign(`)${added}`), sign(`= ${withMinus(kernel.factor)} × ${exactText(list.at(-1).sum)}${added}`));
  else if (added) parts.push(sign(added));
  return [...parts, sign("="), total(value, looks.output(value), "total")];
}

function dress(chip, text, look) {
  setText(chip, text);
  if (chip.style.background !== look.fill) chip.style.background = look.fill ?? "";
  if (chip.style.color !== look.ink) chip.style.color = look.ink ?? "";
}
