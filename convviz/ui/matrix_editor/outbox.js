// Changes leave again with every later one until Python says it has handled them: two that are made
// within one run both arrive, in order, and none counts twice.
// They also leave again by themselves, less and less often: a server that was started anew hears no
// edit before it has drawn the editor once, and one that is away hears nothing.
const REPEAT = 1500;
const LONGEST = 9000;

function createOutbox(send) {
  let serial = 0;
  let waiting = [];
  let timer;
  const deliver = (pause) => {
    send(JSON.stringify(waiting));
    repeat(pause);
  };
  const repeat = (pause) => {
    clearTimeout(timer);
    if (waiting.length) timer = setTimeout(deliver, pause, Math.min(2 * pause, LONGEST));
  };
  return {
    get isEmpty() {
      return waiting.length === 0;
    },
    /** Sends a change; it takes the place of one that was still growing. */
    post(change) {
      const last = waiting.at(-1);
      if (last && last.kind === change.kind && (last.typing || last.kind === "paste")) waiting.pop();
      serial += 1;
      waiting.push({ serial, ...change });
      waiting = waiting.slice(-20);
      deliver(REPEAT);
    },
    /** Hears which change was handled last; the rest goes on being said. */
    acknowledge(handled) {
      serial = Math.max(serial, handled);
      waiting = waiting.filter((change) => change.serial > handled);
      repeat(REPEAT);
    },
  };
}
