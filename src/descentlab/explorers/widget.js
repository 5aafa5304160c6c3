// The browser's half of an explorer: it sends where the controls stand and draws the paths that come back.
const SVG = "http://www.w3.org/2000/svg";
const REST_MS = 500; // how long nothing moves before a screen reader is told
const PATIENCE_MS = 2500; // how long Python may be silent
const PLAY_MS = 150;
const PLAY = "▶";
const PAUSE = "❚❚";
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function svg(tag, attributes = {}) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

// Each colour is a name in the style sheet, which has another for a dark page.
function color(name) {
  return name ? `var(--explorer-c${name.slice(1).toLowerCase()}, ${name})` : "none";
}

// Writing what is there already would make the browser style and lay out anew.
function put(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
  }
}

// Draws parts into a group, cut to `inside` but for whole ones; elements of the last picture are used again.
function paint(group, parts, inside = "none") {
  let place = 0;
  const next = (tag) => {
    const found = group.children[place];
    if (found?.tagName === tag) return place++, found;
    const node = svg(tag);
    if (found) found.replaceWith(node);
    else group.append(node);
    place++;
    return node;
  };
  for (const part of parts) {
    if (part.t !== undefined) {
      const node = next("text");
      node.textContent = part.t;
      put(node, { x: part.x, y: part.y, "text-anchor": part.m, style: `fill: ${color(part.f)}` });
      continue;
    }
    const clip = part.whole ? "none" : inside;
    if (part.h) {
      const style = `fill: none; stroke: var(--explorer-paper); stroke-width: ${(part.w ?? 1) + 2.5}`;
      put(next("path"), { d: part.d, style, "clip-path": clip });
    }
    const style =
      `fill: ${color(part.f)}; stroke: ${color(part.s)}; stroke-width: ${part.w ?? 1}; opacity: ${part.o ?? 1}; ` +
      `stroke-dasharray: ${part.a || "none"}`;
    put(next("path"), { d: part.d, style, "clip-path": clip });
  }
  while (group.children.length > place) group.lastChild.remove();
}

function render({ model, el }) {
  const frame = model.get("frame");
  const labels = frame.words;
  const me = Math.random().toString(36).slice(2);
  const at = {};
  const follow = {}; // by control's name: shows a position
  let sent = 0;
  let waiting = false; // for an answer: what is moved meanwhile is sent after it
  let silence, rest, playing;

  const said = make("p", { className: "explorer-status" });
  const spoken = make("p", { className: "explorer-spoken" });
  spoken.setAttribute("role", "status");
  const goal = make("p", { className: "explorer-goal" });
  const state = make("div", { className: "explorer-state" });

  function ask() {
    sent += 1;
    root.dataset.asked = sent; // equal to `answered` once the picture is that of the last move
    if (!waiting) send();
  }

  function send() {
    waiting = true;
    model.set("asked", { by: me, n: sent, at: { ...at } });
    model.save_changes();
    clearTimeout(silence);
    silence = setTimeout(() => {
      waiting = false;
      say(labels.silent, "explorer-silent");
    }, PATIENCE_MS);
  }

  function say(words, kind = "") {
    said.textContent = words;
    said.className = `explorer-status ${kind}`;
    clearTimeout(rest);
    rest = setTimeout(() => (spoken.textContent = `${words} ${goal.textContent}`), REST_MS);
  }

  function move(name, value) {
    place({ [name]: value });
    ask();
  }

  function place(positions) {
    for (const [name, value] of Object.entries(positions)) {
      at[name] = value;
      follow[name]?.(value);
    }
  }

  function range(control) {
    const input = make("input", { type: "range", min: 0, max: control.texts.length - 1, step: 1 });
    const shown = make("span", { className: "explorer-number" });
    input.setAttribute("aria-label", control.label);
    follow[control.name] = (value) => {
      input.value = value;
      shown.textContent = control.texts[value];
      input.setAttribute("aria-valuetext", control.texts[value]);
    };
    input.addEventListener("input", () => move(control.name, Number(input.value)));
    return [input, shown];
  }

  function slider(control) {
    const [input, shown] = range(control);
    return make("label", { className: "explorer-control" }, make("span", { textContent: control.label }), input, shown);
  }

  function button(text, label, action) {
    const node = make("button", { type: "button", textContent: text });
    node.setAttribute("aria-label", label);
    node.addEventListener("click", action);
    return node;
  }

  function stepper(control) {
    const [input, shown] = range(control);
    const last = control.texts.length - 1;
    const go = (by) => move(control.name, Math.max(0, Math.min(last, at[control.name] + by)));
    const stop = () => {
      clearInterval(playing);
      playing = undefined;
      play.textContent = PLAY;
      play.setAttribute("aria-label", labels.play);
    };
    const play = button(PLAY, labels.play, () => {
      if (playing) return stop();
      if (at[control.name] === last) move(control.name, 0);
      play.textContent = PAUSE;
      play.setAttribute("aria-label", labels.pause);
      playing = setInterval(() => (at[control.name] < last && el.isConnected ? go(1) : stop()), PLAY_MS);
    });
    play.classList.add("explorer-play");
    return make(
      "div",
      { className: "explorer-control explorer-steps" },
      make("span", { textContent: control.label }),
      button("−", labels.back, () => (stop(), go(-1))),
      input,
      button("+", labels.forward, () => (stop(), go(1))),
      play,
      shown,
    );
  }

  function entry(control) {
    const input = make("input", { type: "text", spellcheck: false });
    follow[control.name] = (value) => {
      if (document.activeElement !== input) input.value = value;
    };
    input.addEventListener("input", () => move(control.name, input.value));
    return make(
      "label",
      { className: "explorer-control explorer-entry" },
      make("span", { textContent: control.label }),
      input,
    );
  }

  function panel(frame) {
    const [width, height] = frame.size;
    const box = { viewBox: `0 0 ${width} ${height}` };
    const still = svg("svg", { ...box, "aria-hidden": "true" });
    const moving = svg("svg", { ...box, class: "explorer-moving" });
    const [left, top, inner, tall] = frame.inside;
    const id = `explorer-${me}-${frame.name}`;
    const clip = svg("clipPath", { id });
    clip.append(svg("rect", { x: left, y: top, width: inner, height: tall }));
    const inside = `url(#${id})`;
    const [axes, below, above] = [svg("g"), svg("g"), svg("g")];
    still.append(clip, below, axes);
    moving.append(above);
    const frameOf = (now) => {
      paint(axes, now.axes);
      paint(below, now.still, inside);
    };
    frameOf(frame);
    const holder = make("div", { className: "explorer-panel" });
    holder.append(still, moving);
    holder.style.setProperty("--explorer-aspect", (width / height).toFixed(3));
    if (frame.help) holder.append(make("p", { className: "explorer-help", textContent: frame.help }));
    if (frame.points) pointing(holder, moving, frame);
    else moving.setAttribute("aria-hidden", "true");
    return { holder, frameOf, show: (parts) => paint(above, parts, inside) };
  }

  function pointing(holder, moving, frame) {
    const [left, top, inner, tall] = frame.inside;
    const name = frame.points;
    const within = (value) => Math.max(0, Math.min(1, value));
    const go = (event) => {
      const box = moving.getBoundingClientRect();
      const scale = frame.size[0] / box.width;
      const x = ((event.clientX - box.left) * scale - left) / inner;
      const y = 1 - ((event.clientY - box.top) * scale - top) / tall;
      move(name, [within(x), within(y)]);
    };
    holder.tabIndex = 0;
    holder.setAttribute("role", "application");
    holder.setAttribute("aria-label", frame.help);
    holder.classList.add("explorer-pointing");
    holder.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      holder.setPointerCapture(event.pointerId);
      holder.classList.add("explorer-held");
      go(event);
    });
    holder.addEventListener("pointermove", (event) => {
      if (holder.hasPointerCapture(event.pointerId)) go(event);
    });
    holder.addEventListener("lostpointercapture", () => holder.classList.remove("explorer-held"));
    holder.addEventListener("keydown", (event) => {
      const by = KEYS[event.key];
      if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const far = event.shiftKey ? 0.002 : 0.02;
      move(name, [within(at[name][0] + far * by[0]), within(at[name][1] + far * by[1])]);
    });
  }

  function table(columns, rows) {
    if (!rows.length) {
      // Step 0 has no table: its room stays, so that what is below does not jump.
      state.style.minHeight = `${state.offsetHeight}px`;
      return state.replaceChildren();
    }
    const body = rows.map((row) => {
      const cells = row.texts.map((text, i) => {
        const size = row.sizes[i];
        const bar = make("span", { className: "explorer-bar" });
        bar.style.left = `${50 + Math.min(0, 50 * size)}%`;
        bar.style.width = `${Math.abs(50 * size)}%`;
        return make("td", {}, make("span", { textContent: text }), make("span", { className: "explorer-track" }, bar));
      });
      return make("tr", {}, make("th", { scope: "row", textContent: row.name }), ...cells);
    });
    const heads = ["", ...columns].map((text) => make("th", { scope: "col", textContent: text }));
    state.replaceChildren(make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...body)));
  }

  const makers = { slider, entry };
  const controls = make("div", { className: "explorer-controls" });
  const below = make("div", { className: "explorer-below" });
  for (const control of frame.controls) {
    if (control.kind === "steps") below.append(stepper(control));
    else if (makers[control.kind]) controls.append(makers[control.kind](control));
  }
  const presets = make("div", { className: "explorer-presets" });
  for (const preset of frame.presets) {
    const node = make("button", { type: "button", textContent: preset.label });
    node.addEventListener("click", () => {
      place(preset.at);
      ask();
    });
    presets.append(node);
  }
  const panels = frame.panels.map(panel);
  const pictures = make("div", { className: "explorer-pictures" }, ...panels.map((one) => one.holder));
  pictures.dataset.count = panels.length;
  const root = make("div", { className: "explorer" }, make("p", { className: "explorer-title", textContent: frame.title }));
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", frame.title);
  // Jupyter's own shortcuts would take the arrow keys, unless the element in focus says this. Those with Control,
  // to save for one, stay.
  const shield = ({ target, ctrlKey, metaKey }) =>
    target.toggleAttribute("data-lm-suppress-shortcuts", !ctrlKey && !metaKey);
  root.addEventListener("focusin", shield);
  // While this is here, its picture from before is not shown.
  root.append(make("style", { textContent: `[data-explorer="${frame.id}"] { display: none }` }));
  root.append(controls, presets, pictures, below, goal, said, spoken, state);
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") (el.closest(".jp-Cell, .jp-Notebook") ?? document.body).focus();
    shield(event);
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
  });
  root.addEventListener("keyup", shield);
  el.replaceChildren(root);

  function answer() {
    const scene = model.get("scene");
    clearTimeout(silence);
    // Another view of the same explorer, or a notebook opened again, shows where the controls were left.
    if (scene.by !== me) place(scene.at);
    for (const [i, given] of Object.entries(scene.frames ?? {})) panels[i].frameOf(given);
    scene.panels.forEach((parts, i) => panels[i].show(parts));
    if (scene.page) pictures.innerHTML = scene.page;
    goal.hidden = !frame.aim;
    goal.textContent = `${scene.reached ? "✓ Goal reached" : "Goal"}: ${frame.aim}.`;
    goal.classList.toggle("explorer-reached", scene.reached);
    table(scene.columns, scene.table);
    say(scene.status);
    if (scene.by !== me) return;
    root.dataset.answered = scene.n;
    waiting = false;
    if (scene.n !== sent) send();
  }

  place(Object.fromEntries(frame.controls.map((control) => [control.name, control.initial])));
  answer();
  model.on("change:scene", answer);
  return () => {
    clearTimeout(silence);
    clearTimeout(rest);
    clearInterval(playing);
    model.off("change:scene", answer);
  };
}

export default { render };
