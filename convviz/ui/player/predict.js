// Predicting: the output is hidden until its sign and its number were asked for, or it is revealed.
const SIGNS = [["Negative", -1], ["Zero", 0], ["Positive", 1]];
// For as long as the tab is open, and nowhere else; a browser may refuse to keep anything.
const score = () => { try { return JSON.parse(sessionStorage.convvizScore); } catch { return [0, 0]; } };
const keep = (...two) => { try { sessionStorage.convvizScore = `[${two}]`; } catch { return; } };
const NO_PLAY = "Play is off while you predict: press Next.";

class Predict {
  constructor(player) {
    Object.assign(this, { player, on: false, sign: null, answers: new Map() });
    [this.right, this.asked] = score();
    this.build();
    player.root.querySelector(".equation").append(this.box);
  }

  build() {
    const button = (text, act, title = "") => {
      const node = element("button", { type: "button", text, title });
      node.onclick = act;
      return node;
    };
    this.words = element("span", { class: "asking" });
    this.signs = SIGNS.map(([name, sign], at) => button(name, () => this.chooseSign(sign), `Key ${at + 1}`));
    this.input = element("input", { type: "text", class: "answer", inputmode: "text", autocomplete: "off", "aria-label": "Which number?" });
    this.check = button("Check", () => this.answer());
    this.show = button("Reveal", () => this.reveal(), "Key V");
    this.next = button("Next position", () => this.player.move(1));
    this.score = element("span", { class: "score" });
    this.phases = { sign: [...this.signs, this.show], number: [this.input, this.check, this.show], done: [this.next] };
    this.controls = [...this.signs, this.input, this.check, this.show, this.next];
    this.box = element("div", { class: "question", role: "group", "aria-label": "Predict", hidden: true }, this.words, ...this.controls, this.score);
    this.box.onkeydown = (event) => this.key(event);
  }

  /** Whether the output of a position is not to be seen; a preview of an earlier one is. */
  hides(step) {
    return this.on && step >= this.player.step && !this.answers.has(step);
  }

  /** What was said of the current position's answer. */
  get verdict() {
    return this.on ? this.answers.get(this.player.step) : undefined;
  }

  get phase() {
    return !this.hides(this.player.step) ? "done" : this.sign === null ? "sign" : "number";
  }

  set(on) {
    if (on === this.on) return;
    const { player } = this;
    const inside = this.box.contains(player.focused);
    player.stop();
    this.on = on;
    this.box.hidden = !on;
    player.root.classList.toggle("predicting", on);
    player.controls.block(on ? NO_PLAY : "");
    player.controls.press("predict", on);
    this.forget();
    if (inside) player.root.focus();
  }

  /** Other numbers: what was answered is no longer about them. */
  forget() {
    this.answers.clear();
    this.step = 0;
  }

  chooseSign(sign) {
    if (this.phase !== "sign") return;
    this.sign = sign;
    if (sign === 0) return this.judge("0");
    this.render();
    this.focus(this.input);
  }

  answer() {
    const text = this.input.value;
    const problem = complaint(text);
    if (!problem) return this.judge(text);
    setText(this.words, problem);
    this.player.say(problem);
    this.focus(this.input);
  }

  judge(text) {
    const { scene, step } = this.player;
    const { value } = place(scene, step);
    const [right, signed] = [isRight(value, text), this.sign === Math.sign(value)];
    this.asked += 1;
    this.right += right && signed ? 1 : 0;
    keep(this.right, this.asked);
    const typed = withMinus(text.trim());
    this.close(!right ? this.wrong(scene, step, text, value)
      : { text: signed ? `Right: ${typed}.` : `${typed} is right, but it is ${signName(value)}, not ${signName(this.sign)}.`, at: -1 });
    this.player.say(`${this.verdict.text} ${this.score.textContent}.`);
  }

  wrong(scene, step, text, value) {
    const why = slip(scene, step, readNumber(text)) ?? coarse(value, text);
    return { text: `Not ${withMinus(text.trim())}: the output is ${tidy(value)}.${why ? ` ${why.text}` : ""}`, at: why?.at ?? -1 };
  }

  /** Shows the answer without counting it. */
  reveal() {
    const { player } = this;
    if (!this.hides(player.step)) return;
    this.close({ text: `The output is ${tidy(place(player.scene, player.step).value)}.`, at: -1 });
    player.settle();
  }

  close(verdict) {
    const { player } = this;
    this.answers.set(player.step, verdict);
    player.set(player.step);
  }

  /** Shows the question that is due, and keeps the focus in it if it was there. */
  render() {
    const { player, phase } = this;
    if (!this.on) return;
    const moved = this.step !== player.step;
    if (moved) this.sign = null;
    const state = moved || this.drawn !== phase;
    this.step = player.step;
    const inside = state && this.box.contains(player.focused);
    if (state) this.draw((this.drawn = this.phase));
    setText(this.score, this.asked ? `${this.right} of ${this.asked} right` : "");
    if (inside) this.focus(this.phases[this.drawn].find((node) => !node.hidden) ?? player.root);
  }

  /** Where the band stays in view anyway, the grids beside it do too. */
  focus(node) {
    const preventScroll = getComputedStyle(this.player.root.querySelector(".dock")).position === "sticky";
    node.focus({ preventScroll });
  }

  draw(phase) {
    const words = { sign: "Negative, zero or positive?", number: `${SIGNS[this.sign + 1][0]}. Which number?`, done: this.verdict?.text ?? "" };
    setText(this.words, words[phase]);
    for (const node of this.controls) node.hidden = !this.phases[phase].includes(node);
    this.next.hidden ||= this.player.step === this.player.count;
    if (phase === "number") this.input.value = "";
  }

  /** Left and Right go from one sign to the next; Enter gives the answer. */
  key(event) {
    const { player } = this;
    if (event.target === this.input) {
      if (event.key === "Escape") player.root.focus();
      if (event.key !== "Enter") return;
      // Or it would press the button that gets the focus.
      event.preventDefault();
      return this.answer();
    }
    const at = this.signs.indexOf(event.target) + { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!this.signs.includes(event.target) || Number.isNaN(at)) return;
    event.preventDefault();
    event.stopPropagation();
    this.signs[(at + 3) % 3].focus();
  }
}

const signName = (value) => SIGNS[Math.sign(value) + 1][0].toLowerCase();
