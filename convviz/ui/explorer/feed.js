// Between the explorer and Python: a question goes up, its answer comes down. It is a component of
// its own because each answer would else bring the explorer's script and pictures along again.
const FEEDS = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  const before = FEEDS.get(parentElement);
  if (before) window.removeEventListener("convviz:look", before.ask);
  // Asked after the page was left, a question's answer would empty the page that came instead. What
  // the old page still sends may arrive when the address is the new one's, so the first one counts.
  const page = before?.page ?? location.pathname;
  const ask = (event) => location.pathname === page && setTriggerValue("look", event.detail);
  window.addEventListener("convviz:look", ask);
  if (data.answer && data.answer !== before?.answer) {
    window.dispatchEvent(new CustomEvent("convviz:seen", { detail: data.answer }));
  }
  FEEDS.set(parentElement, { ask, page, answer: data.answer });
  return () => {
    window.removeEventListener("convviz:look", FEEDS.get(parentElement)?.ask);
    FEEDS.delete(parentElement);
  };
}
