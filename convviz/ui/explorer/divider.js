// The map over the input: left of the divider the input is seen, right of it the map.
const KEY_STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -100, End: 100 };
const BOTH_WAYS = "M8 5v14l-6-7zM16 5v14l6-7z";

class Divider {
  constructor(root, changed) {
    this.panes = root.querySelector(".panes");
    this.node = root.querySelector(".divider");
    this.buttons = [...root.querySelectorAll("[data-panes]")];
    this.map = root.querySelector('[data-pane="map"] canvas');
    this.node.append(element("span", { class: "grip" }, icon(BOTH_WAYS)));
    this.changed = changed;
    this.on = false;
    this.percent = 50;
    this.buttons.forEach((button) => (button.onclick = () => this.choose(button.dataset.panes === "divider")));
    this.node.onkeydown = (event) => this.press(event);
    this.node.onpointerdown = (event) => this.grab(event);
    this.node.onpointermove = (event) => this.node.hasPointerCapture(event.pointerId) && this.drag(event);
    this.choose(false);
  }

  /** One pane with a divider, or two side by side. */
  choose(on) {
    this.on = on;
    this.panes.classList.toggle("over", on);
    this.node.hidden = !on;
    this.buttons.forEach((button) => button.setAttribute("aria-pressed", String((button.dataset.panes === "divider") === on)));
    this.changed();
  }

  press(event) {
    const step = KEY_STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation(); // the arrows would move the cursor too
    this.move(this.percent + step * (event.shiftKey ? 10 : 1));
  }

  /** Wherever the handle is held, that place of it stays under the finger. */
  grab(event) {
    if (event.button) return;
    event.preventDefault();
    this.node.focus();
    this.node.setPointerCapture(event.pointerId);
    this.held = event.clientX - this.place;
  }

  drag(event) {
    this.move(((event.clientX - this.held) / this.width) * 100);
  }

  move(percent) {
    this.percent = Math.max(0, Math.min(100, percent));
    this.draw();
  }

  get place() {
    return (this.percent / 100) * this.width;
  }

  fit(width, height) {
    Object.assign(this, { width, height });
    this.draw();
  }

  /** The handle stays in the pane, so that all of it can be reached; its line is where they part. */
  draw() {
    this.map.style.clipPath = this.on ? `inset(0 0 0 ${this.percent}%)` : "";
    if (!this.on || !this.width) return;
    const { node, width, height, place } = this;
    const side = Math.min(44, width);
    const left = Math.max(0, Math.min(width - side, place - side / 2));
    node.style.cssText = `left:${left}px;bottom:${(height - side) / 2}px`;
    node.style.setProperty("--line-at", `${place - left}px`);
    node.style.setProperty("--line-height", `${height}px`);
    const percent = Math.round(this.percent);
    node.setAttribute("aria-valuenow", percent);
    node.setAttribute("aria-valuetext", `${percent} % input on the left, ${100 - percent} % feature map on the right`);
  }
}
