// Time for playing: elapsed milliseconds in, whole steps out. One clock for each player.
const POSITION_MS = 1200;
const TERM_MS = 500;
const SLOW_STARTS = 2;
const FINISH_PER_SECOND = 60;
const FINISH_SECONDS = 4;

class Clock {
  /** advance(steps) moves the player and answers whether there is more to play. */
  constructor(advance) {
    this.advance = advance;
    this.request = 0;
  }

  get running() {
    return this.request !== 0;
  }

  /** pace(done) is how long, in ms, the step after `done` steps of this run is shown. */
  start(pace) {
    this.stop();
    let [last, owed, done] = [performance.now(), 0, 0];
    const frame = (now) => {
      owed += now - last;
      last = now;
      let steps = 0;
      while (owed >= pace(done + steps)) owed -= pace(done + steps++);
      done += steps;
      const more = steps === 0 || this.advance(steps);
      this.request = more && this.request ? requestAnimationFrame(frame) : 0;
    };
    this.request = requestAnimationFrame(frame);
  }

  stop() {
    cancelAnimationFrame(this.request);
    this.request = 0;
  }
}

/** Pace of a run: the first two positions are shown twice as long. */
const pace = (detail, speed) => (done) =>
  detail === "terms" ? TERM_MS / speed : (POSITION_MS * (done < SLOW_STARTS ? 2 : 1)) / speed;

/** Pace of a finish: at least 50 positions a second, and never more than a few seconds in all. */
const finishPace = (left) => () => 1000 / Math.max(FINISH_PER_SECOND, left / FINISH_SECONDS);
