// Predicting and lecture view: what enters and leaves them.
function modeActions(player) {
  const { predict, lecture } = player;
  return {
    predict: () => enter(player, lecture.on, !predict.on), reveal: () => predict.reveal(),
    negative: () => predict.chooseSign(-1), zero: () => predict.chooseSign(0), positive: () => predict.chooseSign(1),
    lecture: () => enter(player, !lecture.on, predict.on), blank: () => lecture.blank(true),
    larger: () => lecture.resize(1), smaller: () => lecture.resize(-1), fitText: () => lecture.resize(null),
    intercept: (key) => intercept(player, key), typing: (event) => typing(player, event),
  };
}

/** Whether a key is for the field or the list that has the focus; a field deals with Escape itself. */
function typing({ lecture }, { key, target }) {
  if (target.matches("select")) return !lecture.on || !CLICKER.test(key);
  return target.matches("input[type=text]") && !key.startsWith("Page");
}

/** Takes a key that means something else for now; answers whether it did. */
function intercept(player, key) {
  const { lecture, predict } = player;
  if (lecture.blanked && key !== "Tab" && key !== "Shift") lecture.blank(false);
  else if (key === "Escape" && (predict.on || lecture.on)) enter(player, lecture.on && predict.on, false);
  // So that a clicker is enough to let a room guess: first the answer, then the next question.
  else if (key === "PageDown" && lecture.on && predict.hides(player.step)) predict.reveal();
  else return false;
  return true;
}

/** Shows lecture view or the page, and questions or outputs. */
function enter(player, lecture, predict) {
  const changed = lecture !== player.lecture.on;
  player.lecture.set(lecture);
  player.predict.set(predict);
  player.preview = null;
  player.fit(true);
  player.settle();
  if (changed) player.say(`${lecture ? "Lecture view. L or Escape leaves it." : "Lecture view left."} ${player.sentence()}`);
}
