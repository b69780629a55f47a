// Changes leave again with every later one until Python says it has handled them: two that are made
// within one run both arrive, in order, and none counts twice.
const REPEAT = 2000;

function createOutbox(send) {
  let serial = 0;
  let waiting = [];
  let timer;
  const deliver = () => send(JSON.stringify(waiting));
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
      deliver();
    },
    /** Hears which change was handled last; says the rest once more if nobody answers. */
    acknowledge(handled) {
      serial = Math.max(serial, handled);
      waiting = waiting.filter((change) => change.serial > handled);
      clearTimeout(timer);
      if (waiting.length) timer = setTimeout(deliver, REPEAT);
    },
  };
}
