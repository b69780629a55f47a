// One explorer for each place in the page.
const EXPLORERS = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  let explorer = EXPLORERS.get(parentElement);
  if (!explorer) EXPLORERS.set(parentElement, (explorer = new Explorer(parentElement)));
  explorer.update(data.explorer, data.line, setTriggerValue);
  return () => {
    explorer.close();
    EXPLORERS.delete(parentElement);
  };
}
