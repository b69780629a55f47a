// Lecture view: the player alone, over the whole window, in large digits, with a bar that hides itself.
const QUIET_MS = 3000;
const TEXT_SIZES = [0.7, 0.85, 1, 1.2, 1.4, 1.7];
const MIDDLE_SIZE = 2;
const LECTURE_DIGITS = 0.46;

class Lecture {
  constructor(player) {
    Object.assign(this, { player, root: player.root, on: false, blanked: false, at: MIDDLE_SIZE });
    this.black = element("div", { class: "blank", hidden: true });
    this.black.onclick = () => this.blank(false);
    this.root.append(this.black);
    this.root.addEventListener("pointermove", (event) => this.move(event));
    // Not when a finger comes down: its tap would then press a button that it could not see.
    for (const name of ["click", "focusin"]) this.root.addEventListener(name, () => this.wake());
    this.outside = (event) => this.takeBack(event);
    this.root.addEventListener("keydown", ({ key }) => (key === "Tab" || !this.quiet) && this.wake());
    // A button that was clicked gives the focus back, and so does a list: the keys mean the player, and the bar may hide.
    this.root.addEventListener("click", (event) => this.on && event.detail && event.target.closest(".controls button") && this.root.focus());
    this.root.addEventListener("change", ({ target }) => this.on && target.matches("select:not(:focus-visible)") && this.root.focus());
  }

  get quiet() {
    return this.root.classList.contains("quiet");
  }

  /** How large texts are, as a share of what fits the window. */
  get scale() {
    return this.on ? TEXT_SIZES[this.at] : 1;
  }

  /** How high the titles of the three columns are, on average; undefined on the page, which may scroll. */
  get titles() {
    const { input, kernel, products, output } = this.player.stage;
    const whole = this.on || this.root.matches(":fullscreen");
    const height = ({ title }) => title.parentNode.offsetHeight;
    return whole ? [height(input), (height(kernel) + height(products)) / 2, height(output)] : undefined;
  }

  /** What share of a cell its digits take. */
  get digits() {
    return this.on ? Math.min(0.6, LECTURE_DIGITS * this.scale) : undefined;
  }

  set(on) {
    if (on === this.on) return;
    this.on = on;
    if (!on) this.blank(false);
    this.root.classList.toggle("lecture", on);
    this.root.style.setProperty("--scale", this.scale);
    this.player.controls.showLecture(on);
    this.alone(on);
    this.root.focus({ preventScroll: true });
    this.wake();
  }

  alone(on) {
    this.release?.();
    this.release = on ? alone(this.root) : null;
    if (on) document.addEventListener("keydown", this.outside);
    else document.removeEventListener("keydown", this.outside);
  }

  /** A message over the page, once closed, leaves the focus on something round the player. */
  takeBack(event) {
    const host = this.root.getRootNode().host ?? this.root;
    if (event.composedPath().includes(this.root) || !event.target.contains(host)) return;
    this.root.focus();
    this.player.controls.key(event);
  }

  blank(on) {
    if (on === this.blanked || (on && !this.on)) return;
    this.blanked = on;
    this.black.hidden = !on;
    for (const part of this.root.children) if (part !== this.black && part.role !== "status") part.inert = on;
    if (on) this.root.focus();
    this.player.stop();
    if (on) this.player.say("The screen is blank. B shows it again.");
    else this.player.settle();
  }

  /** by steps larger or smaller; null for the size that fits. */
  resize(by) {
    if (!this.on) return;
    const before = this.at;
    this.take(by === null ? MIDDLE_SIZE : Math.max(0, Math.min(TEXT_SIZES.length - 1, before + by)));
    const fits = !(by > 0) || this.over <= 0;
    if (!fits) this.take(before);
    this.player.say(`Text size ${Math.round(this.scale * 100)} percent${fits ? "" : ": larger does not fit"}.`);
  }

  take(at) {
    this.at = at;
    this.root.style.setProperty("--scale", this.scale);
    this.player.fit(true);
  }

  /** By how many pixels it is too high. */
  get over() {
    return this.root.scrollHeight - this.root.clientHeight;
  }

  /** Where grids and equation are too high together, the terms scroll. */
  squeeze() {
    const terms = this.root.querySelector(".terms");
    if (this.over > 0) this.root.style.setProperty("--band", `${Math.max(2 * parseFloat(getComputedStyle(terms).lineHeight), terms.offsetHeight - this.over)}px`);
  }

  /** Layout under a pointer at rest sends moves too: they are none. */
  move({ clientX, clientY, pointerType }) {
    const where = `${clientX} ${clientY}`;
    if (where !== this.where && pointerType !== "touch") this.wake();
    this.where = where;
  }

  /** Brings the bar back for a while. */
  wake() {
    clearTimeout(this.waiting);
    this.root.classList.remove("quiet");
    if (this.on) this.waiting = setTimeout(() => this.root.classList.add("quiet"), QUIET_MS);
  }

  close() {
    clearTimeout(this.waiting);
    this.alone(false);
  }
}

// The body's empty parts, and what is added to it later, are for messages over the page: they must be heard.
/** Makes all but one element of the page inert, also what comes later; returns what undoes it. */
function alone(node) {
  const [covered, stops] = [new Set(), new Map()];
  const parents = [];
  for (let one = node; one && one !== document.body; one = one.parentNode ?? one.host) if (one.parentNode) parents.push([one, one.parentNode]);
  const cover = ([one, parent]) => {
    for (const other of parent.children) {
      if (other === one || other.inert || other.matches("style, script, link") || (parent === document.body && !other.childElementCount)) continue;
      other.inert = true;
      covered.add(other);
    }
  };
  const watch = new MutationObserver(() => parents.filter(([, parent]) => parent !== document.body).forEach(cover));
  parents.forEach(cover);
  for (const [one, parent] of parents) {
    watch.observe(parent, { childList: true });
    // What scrolls is a stop of the Tab key, and would scroll behind the view.
    if (one !== node && one.tabIndex !== undefined) stops.set(one, one.getAttribute("tabindex")), (one.tabIndex = -1);
  }
  return () => {
    watch.disconnect();
    for (const other of covered) other.inert = false;
    for (const [one, before] of stops) before === null ? one.removeAttribute("tabindex") : one.setAttribute("tabindex", before);
  };
}
