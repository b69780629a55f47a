// One view for each place in the page.
const VIEWS = new WeakMap();

/** The view in a place, and how to leave it: Streamlit may leave a place to come back at once. */
function viewIn(place, View) {
  const kept = VIEWS.get(place) ?? { view: new View(place) };
  VIEWS.set(place, kept);
  clearTimeout(kept.leaving);
  const leave = () => {
    kept.leaving = setTimeout(() => {
      kept.view.close();
      VIEWS.delete(place);
    });
  };
  return [kept.view, leave];
}
