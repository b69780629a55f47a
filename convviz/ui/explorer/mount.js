export default function ({ parentElement, data, setTriggerValue }) {
  const [explorer, leave] = viewIn(parentElement, Explorer);
  explorer.update(data.explorer, data.line, setTriggerValue);
  return leave;
}
