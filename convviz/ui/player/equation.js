// The equation band: chips that look like the cells they came from, and a growing sum.
const OPEN_TERMS = 5;

class Equation {
  constructor(host) {
    this.host = host;
    this.host.onclick = (event) => this.toggle(event.target.closest(".row-sum"));
  }

  /** Builds the chips for a kernel shape; later steps only change their texts and colours. */
  shape(scene) {
    const { rows, columns } = scene.kernel;
    this.folded = rows > OPEN_TERMS || columns > OPEN_TERMS;
    this.lead = element("span", { class: "lead" });
    this.terms = [];
    this.rows = Array.from({ length: rows }, (_, row) => this.makeRow(row, columns, row === rows - 1));
    this.end = element("span", { class: "end" });
    this.host.replaceChildren(this.lead, ...this.rows.map((row) => row.group), this.end);
  }

  makeRow(row, columns, last) {
    const group = element("span", { class: "row" });
    const inside = element("span", { class: "row-terms", hidden: this.folded });
    for (let column = 0; column < columns; column++) {
      const term = this.makeTerm(row * columns + column);
      this.terms.push(term);
      inside.append(term.node);
      if (column < columns - 1) inside.append(element("span", { class: "sign", text: "+" }));
    }
    const subtotal = element("span", { class: "chip" });
    const button = element("button", { class: "row-sum", type: "button", "aria-expanded": "false" },
      element("span", { class: "sign", text: `row ${row + 1}` }), subtotal);
    if (this.folded) group.append(button);
    group.append(inside);
    if (!last) group.append(element("span", { class: "sign", text: "+" }));
    return { group, inside, button, subtotal };
  }

  makeTerm(at) {
    const [pixel, weight] = [element("span", { class: "chip" }), element("span", { class: "chip" })];
    const sum = element("span", { class: "sum" });
    const node = element("button", { class: "term", type: "button", "data-term": at },
      element("span", { class: "pair" }, pixel, element("span", { class: "sign", text: "×" }), weight), sum);
    return { node, pixel, weight, sum };
  }

  toggle(button) {
    if (!button) return;
    const row = this.rows.find((one) => one.button === button);
    row.inside.hidden = !row.inside.hidden;
    button.setAttribute("aria-expanded", String(!row.inside.hidden));
  }

  /** Shows the first `count` terms of a position; all of them make the result. */
  show(scene, step, list, count, looks) {
    const { row, column, value } = place(scene, step);
    const { output } = scene;
    const opening = scaled(scene) ? ` ${withMinus(scene.kernel.factor)} × (` : "";
    setText(this.lead, `Output row ${output.firstRow + row + 1}, column ${output.firstColumn + column + 1} =${opening}`);
    list.forEach((term, at) => this.showTerm(this.terms[at], term, at < count, looks));
    if (this.folded) {
      const sums = rowSums(scene, list);
      this.rows.forEach((line, at) => dress(line.subtotal, exactText(sums[at]), looks.product(sums[at])));
    }
    const parts = count < list.length ? [sign("…")] : this.result(scene, list, value, looks);
    this.end.replaceChildren(...parts);
  }

  showTerm(chips, term, done, looks) {
    dress(chips.pixel, exactText(term.pixel), looks.cell(term.cell));
    dress(chips.weight, term.weight, looks.weight(term.tap));
    setText(chips.sum, done ? `sum ${shortText(term.sum)}` : "");
    const state = done ? (term.product === 0 ? "term zero" : "term") : "term waiting";
    if (chips.node.className !== state) chips.node.className = state;
  }

  result(scene, list, value, looks) {
    const { kernel, bias } = scene;
    const parts = [];
    const added = bias === 0 ? "" : ` + bias ${exactText(bias)}`;
    if (scaled(scene)) parts.push(sign(`)${added}`), sign(`= ${withMinus(kernel.factor)} × ${exactText(list.at(-1).sum)}${added}`));
    else if (added) parts.push(sign(added));
    const total = element("span", { class: "chip total" });
    dress(total, exactText(value), looks.output(value));
    return [...parts, sign("="), total];
  }
}

const scaled = (scene) => scene.kernel.factor !== "1";

const sign = (text) => element("span", { class: "sign", text });

/** A running sum in the space under a term: short, the result itself has every digit. */
const shortText = (value) => (exactText(value).length <= 8 ? exactText(value) : cellText(value));

function dress(chip, text, look) {
  setText(chip, text);
  if (chip.style.background !== look.fill) chip.style.background = look.fill ?? "";
  if (chip.style.color !== look.ink) chip.style.color = look.ink ?? "";
}
