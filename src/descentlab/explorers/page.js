// An explorer on a page without Python: its pictures along one slider were drawn when the page was made.
function alone(id, { frame, places, scenes }) {
  const [first] = frame.controls;
  const texts = places.map((place) => first.texts[place]);
  const slider = { ...first, texts, initial: places.indexOf(first.initial) };
  Object.assign(frame, { controls: [slider], presets: [] });
  for (const panel of frame.panels) Object.assign(panel, { points: "", help: "" });
  const still = document.querySelector(`[data-explorer="${id}"]`);
  const el = document.createElement("div");
  let scene = scenes[slider.initial];
  let answer;
  const model = {
    get: (name) => (name === "frame" ? frame : scene),
    set: (_, asked) => (scene = { ...scenes[asked.at[slider.name]], ...asked }),
    save_changes: () => queueMicrotask(answer),
    on: (_, then) => (answer = then),
    off() {},
  };
  still.after(el);
  render({ model, el });
}
