// The line of the profile: row and column of two pixels of the input. It is drawn with Shift and
// drag, or with the button on a screen that has no Shift.
class Liner {
  constructor(explorer) {
    this.explorer = explorer;
    this.line = this.first = null;
    this.armed = false;
  }

  /** Takes the line of the scene, unless another one is just being drawn. */
  show(line) {
    this.explorer.find('[data-do="line"]').hidden = !line;
    if (!line) this.arm(false);
    if (!this.first) this.line = line;
    this.kept = line;
  }

  /** Whether the next drag draws a line, without Shift. */
  arm(armed) {
    this.armed = armed;
    this.explorer.root.classList.toggle("drawing", armed);
    this.explorer.find('[data-do="line"]').setAttribute("aria-pressed", armed);
  }

  begin(point) {
    if (this.explorer.view) this.first = this.pixel(point);
  }

  stretch(point) {
    this.line = [...this.first, ...this.pixel(point)];
    this.explorer.point(this.pixel(point));
    this.explorer.draw();
  }

  finish(moved) {
    this.first = null;
    if (!moved) return;
    this.arm(false);
    this.explorer.send("line", this.line.join());
  }

  /** Gives up what is being drawn. */
  drop() {
    if (this.first) this.line = this.kept;
    this.first = null;
    this.explorer.draw();
  }

  /** The pixel of the input nearest to a point of a pane. */
  pixel({ x, y }) {
    const { view, spec } = this.explorer;
    return [view.top + y / view.scale, view.left + x / view.scale].map((at, a) =>
      Math.max(0, Math.min(spec.shape[a] - 1, Math.floor(at))));
  }

  draw(context, view, colours) {
    if (!this.line) return;
    const zoom = view.scale * devicePixelRatio;
    const [y, x, lastY, lastX] = this.line.map((at, i) => (at + 0.5 - (i % 2 ? view.left : view.top)) * zoom);
    for (const [colour, width, dot] of [[colours.casing, 5, 6], [colours.now, 2.5, 4.5]]) {
      context.strokeStyle = context.fillStyle = colour;
      context.lineWidth = width * devicePixelRatio;
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(lastX, lastY);
      context.stroke();
      for (const end of [[x, y], [lastX, lastY]]) {
        context.beginPath();
        context.arc(...end, dot * devicePixelRatio, 0, 2 * Math.PI);
        context.fill();
      }
    }
  }
}
