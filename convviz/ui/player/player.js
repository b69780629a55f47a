// One integer, the step, is the whole animation; everything on screen follows from it.
const STILL_ABOVE = 3;
const ADDRESS_MS = 250;
const OPENING_RUN = 3;
// Above and below the parts of the player, and below it.
const PLAYER_EDGES = 28;
// Round and between the parts of lecture view.
const LECTURE_EDGES = 28;

class Player {
  constructor(host) {
    this.root = host.querySelector(".player");
    Object.assign(this, { host, step: 1, term: null, preview: null, detail: "positions", speed: 1, until: Infinity });
    this.stage = new Stage(this.root);
    this.equation = new Equation(this.root.querySelector(".equation"), (at) => this.meet(at));
    this.told = this.root.querySelector(".told");
    this.status = this.root.querySelector("[role=status]");
    this.tables = new Tables(this.root.querySelector(".tables"));
    this.clock = new Clock((steps) => this.advance(steps));
    this.motion = matchMedia("(prefers-reduced-motion: reduce)");
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this.root);
    // Letters of a font that came late are as wide and high as they are only then.
    this.refit = () => this.fit(true);
    document.fonts.addEventListener("loadingdone", this.refit);
    this.tell = () => this.announce();
    window.addEventListener("convviz:where", this.tell);
    // What was to be written belongs to the address that was left.
    this.gone = () => clearTimeout(this.writing);
    window.addEventListener("popstate", this.gone);
    this.lecture = new Lecture(this);
    this.predict = new Predict(this);
    this.controls = new Controls(this.root, { ...this.actions(), ...modeActions(this) });
    point(this);
  }

  get count() {
    return stepCount(this.scene);
  }

  get length() {
    return this.scene.kernel.taps.length;
  }

  /** The term that stands for a whole position: the last one, or none where terms are no steps. */
  get whole() {
    return this.detail === "terms" ? this.length : null;
  }

  /** How many terms of the current position are shown. */
  get shown() {
    return this.term ?? this.length;
  }

  /** The term that is being added, or that explains a wrong answer, or -1. */
  get current() {
    if (this.preview !== null) return -1;
    return this.predict.verdict?.at ?? (this.term !== null ? this.term - 1 : -1);
  }

  /** What in the player has the focus. */
  get focused() {
    return this.root.getRootNode().activeElement;
  }

  light(at, cell) {
    this.stage.light(at, cell);
    this.equation.mark(at);
  }

  actions() {
    const go = (step) => () => this.go(step());
    return {
      first: () => this.go(1, this.detail === "terms" ? 1 : null), last: go(() => this.count),
      next: () => this.move(1), back: () => this.move(-1),
      rowUp: () => this.moveRow(-1), rowDown: () => this.moveRow(1),
      termNext: () => this.moveTerm(1), termBack: () => this.moveTerm(-1),
      play: () => (this.clock.running ? this.pause() : this.play()),
      finish: () => this.finish(),
      scrub: (step) => this.set(step), scrubbed: () => this.settle(),
      jump: (text) => this.jump(text),
      detail: (detail) => this.setDetail(detail),
      speed: (speed) => this.setSpeed(speed),
      goTo: () => this.controls.number.focus(),
      speak: () => this.say(sentence(this.scene, this.step, true, this.predict.hides(this.step))),
      turn: () => this.turn(),
      fullScreen: () => (document.fullscreenElement ? document.exitFullscreen() : this.root.requestFullscreen()),
      help: () => this.controls.showHelp(),
    };
  }

  /** New data from Python, or only a new theme. */
  update(text) {
    markTheme(this.root);
    if (text === this.text) return this.area ? this.stage.repaint() : this.fit();
    const before = this.scene;
    this.text = text;
    this.scene = JSON.parse(text);
    if (this.scene.seek !== before?.seek) this.step = this.scene.step;
    this.step = Math.min(this.step, this.count);
    if (this.term !== null) this.term = Math.min(this.term, this.length);
    this.predict.forget();
    if (!before || this.scene.arrived !== before.arrived) this.open();
    this.controls.buttons.turn.hidden = !this.scene.kernel.flip;
    this.equation.shape(this.scene);
    setText(this.root.querySelector(".summary"), this.scene.summary);
    this.tables.load(this.scene);
    this.stage.explain(this.scene, true);
    this.fit(true);
    if (this.scene.kernel.flip && before && !before.kernel.flip && !this.motion.matches) this.stage.turn(false);
    if (!this.clock.running) this.settle();
    if (!before && this.scene.autoplay && !this.motion.matches) this.playOpening();
  }

  /** Takes over from a link what the visitor enters and leaves too. */
  open() {
    this.lecture.set(this.scene.view === "lecture");
    this.predict.set(this.scene.predict);
    // For lecture view, which hides the page: what of the link could not be used, until the first step.
    setText(this.told, (this.lecture.on && this.scene.told) || "");
  }

  /** Plays the first positions once, so that a newcomer sees it move. */
  playOpening() {
    this.play();
    this.until = Math.min(OPENING_RUN, this.count);
  }

  fit(changed = false) {
    if (!this.scene) return;
    const full = this.root.matches(":fullscreen");
    const { on } = this.lecture;
    const width = this.root.clientWidth - (full || on ? 24 : 0);
    const above = full || on ? 0 : this.above;
    const key = `${width} ${innerHeight} ${above}`;
    if (!width || (key === this.area && !changed)) return;
    this.area = key;
    this.dock(width < STACKED_BELOW);
    this.root.style.removeProperty("--band");
    this.predict.render();
    // As wide as it will be, before it is measured.
    this.controls.show(this.step, this.count);
    const beside = [".told", ".summary", ".caption", ".dock"].map((name) => this.root.querySelector(name).offsetHeight);
    const height = width < STACKED_BELOW && !on ? Infinity : innerHeight - (on ? LECTURE_EDGES : full ? 44 : above + PLAYER_EDGES) - beside.reduce((sum, one) => sum + one);
    const largest = on ? innerHeight : full ? 96 : Math.max(56, Math.min(80, innerHeight / 13));
    const { titles } = this.lecture;
    this.load(width, height, largest);
    // Over smaller grids a title takes more lines.
    if (String(titles) !== String(this.lecture.titles)) this.load(width, height, largest);
    if (on && width >= STACKED_BELOW) this.lecture.squeeze();
  }

  /** How far down its page the player begins, also where that is scrolled. */
  get above() {
    let { top } = this.root.getBoundingClientRect();
    for (let one = this.root; one; one = one.parentNode ?? one.host) top += one.scrollTop || 0;
    return Math.round(top);
  }

  load(width, height, largest) {
    const { titles, digits } = this.lecture;
    this.stage.load(this.scene, { ...sizes(this.scene, width, height, largest, titles), digits });
    this.render();
  }

  /** On a phone the options leave the part that stays in view; in lecture view all is in the bar. */
  dock(narrow) {
    const { on } = this.lecture;
    if (`${narrow} ${on}` === this.form) return;
    this.form = `${narrow} ${on}`;
    this.root.classList.toggle("narrow", narrow);
    const [options, modes, caption, dock] = [".options", ".modes", ".caption", ".dock"].map((name) => this.root.querySelector(name));
    if (narrow && !on) dock.after(options);
    else dock.lastElementChild.append(options);
    (narrow || on ? options : caption).append(modes);
  }

  /** Draws the current position, or the one the pointer is on. */
  render() {
    // It has no room yet; fit() draws it when it has.
    if (!this.area) return;
    const step = this.preview ?? this.step;
    const count = this.preview === null ? this.shown : this.length;
    const list = terms(this.scene, step);
    const asked = this.predict.hides(this.step) ? this.step - 1 : -1;
    const filled = this.shown === this.length && asked < 0 ? this.step : this.step - 1;
    const hidden = this.predict.hides(step);
    this.stage.show(step, hidden ? 0 : count, filled, list, asked);
    this.equation.show(this.scene, step, list, count, this.stage.looks, hidden);
    this.equation.follow(this.current);
    this.light(this.current);
    this.controls.show(this.step, this.count);
    this.tables.show(list, hidden ? 0 : count, filled, this.stage.spot, asked);
    this.predict.render();
    this.announce();
  }

  set(step, term = this.whole) {
    this.step = Math.max(1, Math.min(this.count, step));
    this.term = term;
    this.preview = null;
    if (this.stage.typed && this.motion.matches) this.stage.showTyped(false);
    this.render();
  }

  go(step, term = this.whole) {
    this.stop();
    this.still(false);
    if (this.told.textContent) setText(this.told, ""), this.fit(true);
    this.set(step, term);
    this.settle();
    // With the next frame, which lays the page out anyway: doing so now would delay the step.
    cancelAnimationFrame(this.revealing);
    this.revealing = requestAnimationFrame(() => this.reveal());
  }

  move(by) {
    if (this.detail === "terms") return this.moveTerm(by);
    this.go(this.step + by);
  }

  /** One output row on, in the same column; nothing where there is none. */
  moveRow(by) {
    const step = this.step + by * this.scene.output.columns;
    if (step >= 1 && step <= this.count) this.go(step);
  }

  moveTerm(by) {
    if (this.detail !== "terms") {
      this.setDetail("terms");
      if (by > 0) return this.go(this.step, 1);
      this.term = this.length;
    }
    this.go(...this.nextTerm(by));
  }

  nextTerm(by) {
    const term = this.term + by;
    if (term > this.length) return this.step < this.count ? [this.step + 1, 1] : [this.step, this.length];
    if (term < 1) return this.step > 1 ? [this.step - 1, this.length] : [1, 1];
    return [this.step, term];
  }

  setDetail(detail) {
    this.detail = detail;
    this.controls.detail.value = detail;
    this.set(this.step, detail === "terms" ? 1 : null);
    if (this.clock.running) this.play();
    else this.settle();
  }

  setSpeed(speed) {
    this.speed = speed;
    if (this.clock.running && !this.finishing) this.play();
  }

  play() {
    if (this.predict.on) return this.refuse();
    this.until = Infinity;
    this.finishing = false;
    this.preview = null;
    if (this.atEnd()) this.set(1, this.detail === "terms" ? 1 : null);
    this.still(this.detail === "terms" ? this.speed * 2 > STILL_ABOVE : this.speed / 1.2 > STILL_ABOVE);
    this.clock.start(pace(this.detail, this.speed));
    this.controls.setPlaying(true);
  }

  finish() {
    if (this.predict.on) return this.refuse();
    this.stop();
    this.setDetail("positions");
    this.until = Infinity;
    this.finishing = true;
    this.still(true);
    this.clock.start(finishPace(this.count - this.step));
    this.controls.setPlaying(true);
  }

  /** Says why it does not play. */
  refuse() {
    this.controls.complain(NO_PLAY);
    this.say(NO_PLAY);
  }

  atEnd() {
    return this.step >= Math.min(this.count, this.until) && this.shown === this.length;
  }

  /** Moves on while playing; answers whether there is more. */
  advance(steps) {
    if (this.detail === "terms") {
      for (let i = 0; i < steps; i++) [this.step, this.term] = this.nextTerm(1);
      this.render();
    } else this.set(Math.min(this.step + steps, this.until));
    if (!this.atEnd()) return true;
    this.pause();
    return false;
  }

  stop() {
    this.clock.stop();
    this.controls.setPlaying(false);
  }

  pause() {
    this.stop();
    this.settle();
  }

  /** After a visitor's step, a pause or a scrub: says it, and puts it into the address. */
  settle() {
    this.say(this.sentence());
    clearTimeout(this.writing);
    this.writing = setTimeout(() => this.writeAddress(), ADDRESS_MS);
  }

  /** Where the player is, as a sentence. */
  sentence() {
    return termSentence(this.scene, this.step, this.shown, this.predict.hides(this.step));
  }

  say(text) {
    setText(this.status, text);
  }

  writeAddress() {
    const step = this.scene.linked && this.step > 1 ? this.step : "";
    writeAddress({ step, view: this.lecture.on ? "lecture" : "", predict: this.predict.on ? 1 : "" });
  }

  jump(text) {
    const step = Number(text);
    if (/^\d+$/.test(text.trim()) && step >= 1 && step <= this.count) return this.go(step);
    this.controls.number.value = this.step;
    const problem = `There is no position "${text}": write 1 to ${this.count}.`;
    this.controls.complain(problem);
    this.say(`Position ${this.step} of ${this.count}. ${problem}`);
  }

  still(on) {
    this.root.classList.toggle("still", on || this.motion.matches);
  }

  /** Tells the page, and the picture pair on it, which output cell and which step this is. */
  announce() {
    const { firstRow, firstColumn } = this.scene.output;
    const { row, column } = place(this.scene, this.preview ?? this.step);
    const detail = { row: firstRow + row, column: firstColumn + column, step: this.step };
    window.dispatchEvent(new CustomEvent("convviz:position", { detail }));
  }

  peek(step) {
    const preview = step > 0 && !this.clock.running ? step : null;
    if (preview === this.preview) return;
    this.preview = preview;
    this.still(true);
    this.render();
  }

  /** Shows every input a weight ever meets, or no longer. */
  meet(at) {
    if (at < 0) return;
    const count = this.stage.meet(at);
    const weight = withMinus(this.scene.kernel.texts[this.scene.kernel.taps[at]]);
    this.say(count ? `Weight ${weight} meets the ${count} outlined inputs.` : "Outlines taken away.");
  }

  turn() {
    this.stage.turn(this.motion.matches);
    if (this.motion.matches) this.say(this.stage.typed ? "Kernel as typed." : "Kernel as used: turned by 180 degrees.");
  }

  /** Scrolls, if it must, to the output cell that a step of the visitor has filled. */
  reveal() {
    this.root.style.setProperty("--dock", `${this.root.querySelector(".dock").offsetHeight}px`);
    const behavior = this.motion.matches ? "instant" : "smooth";
    this.stage.output.spot.scrollIntoView({ block: "nearest", inline: "nearest", behavior });
  }

  close() {
    this.clock.stop();
    this.lecture.close();
    this.resize.disconnect();
    document.fonts.removeEventListener("loadingdone", this.refit);
    window.removeEventListener("convviz:where", this.tell);
    window.removeEventListener("popstate", this.gone);
    clearTimeout(this.writing);
    cancelAnimationFrame(this.revealing);
  }
}

export default function mount({ parentElement, data }) {
  const [player, leave] = viewIn(parentElement, Player);
  player.update(data.scene);
  return leave;
}
