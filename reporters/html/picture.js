/* What is joined to what, drawn in layers around one resource: what leads to it on the left, where it leads on the
 * right. A click on a node draws what is around that one. */
const BOX = {width: 210, height: 40, gap: 90, space: 14}, PER_LAYER = 14;

/* Links that say how code is written, and not what reaches what. */
const QUIET = ["references", "depends_on", "declares", "renders_from", "contains"];

function Picture(data, showFindings) {
  const p = data.picture, nodes = p.nodes, links = p.links;
  const from = nodes.map(() => []), to = nodes.map(() => []);
  links.forEach((link, i) => { from[link[0]].push(i); to[link[1]].push(i); });
  const counts = p.types.map((type, t) => links.filter((link) => link[2] === t).length);
  const loud = counts.some((count, t) => count > 0 && !QUIET.includes(p.types[t]));
  const shown = new Set(p.types.map((type, t) => t).filter((t) => counts[t] > 0 && (!loud || !QUIET.includes(p.types[t]))));
  const state = {at: 0, view: {x: 0, y: 0, scale: 1}, size: {width: 100, height: 100}};
  const address = (i) => data.entities[nodes[i][0] - 1][0], kind = (i) => data.entities[nodes[i][0] - 1][1];
  const byAddress = new Map(nodes.map((node, i) => [address(i), i]));
  let root = null;

  function best() {
    let at = 0, weight = -1;
    nodes.forEach((node, i) => {
      const degree = from[i].concat(to[i]).filter((l) => shown.has(links[l][2])).length;
      const w = (degree > 0 ? 100 : 0) + node[1] * 10 + Math.min(degree, 9) * 4;
      if (w > weight) { weight = w; at = i; }
    });
    return at;
  }

  /* Layer of each node in reach: negative before, positive behind. */
  function layers(at, depth) {
    const layer = new Map([[at, 0]]), full = {}, left = new Set();
    for (const way of [1, -1]) {
      let edge = [at];
      for (let d = 1; d <= depth; d++) {
        const next = [];
        for (const i of edge)
          for (const l of way === 1 ? from[i] : to[i]) {
            const other = way === 1 ? links[l][1] : links[l][0];
            if (!shown.has(links[l][2]) || layer.has(other)) continue;
            full[way * d] = (full[way * d] || 0) + 1;
            if (full[way * d] > PER_LAYER) { left.add(other); continue; }
            layer.set(other, way * d);
            left.delete(other);
            next.push(other);
          }
        edge = next;
      }
    }
    return {layer, left: left.size};
  }

  function place(layer) {
    const columns = new Map(), at = new Map();
    for (const [node, l] of layer) columns.set(l, (columns.get(l) || []).concat([node]));
    const numbers = [...columns.keys()].sort((a, b) => a - b);
    const tallest = Math.max(...[...columns.values()].map((c) => c.length));
    const height = tallest * (BOX.height + BOX.space);
    numbers.forEach((l, x) => {
      const column = columns.get(l), top = (height - column.length * (BOX.height + BOX.space)) / 2;
      column.forEach((node, y) => at.set(node, {x: x * (BOX.width + BOX.gap), y: top + y * (BOX.height + BOX.space)}));
    });
    return {at, width: numbers.length * (BOX.width + BOX.gap) - BOX.gap, height};
  }

  function box(x, y, title, what, severity, failed, isAt, act) {
    const label = title + ", " + what + (failed ? ", " + plural(failed, "failure") : "");
    return svg("g", {class: "node" + (isAt ? " at" : ""), transform: "translate(" + x + " " + y + ")", tabindex: act ? "0" : null,
      role: act ? "button" : null, onclick: act,
      onkeydown: (event) => { if (act && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); act(); } }},
    svg("title", {}, label), svg("rect", {width: BOX.width, height: BOX.height, rx: 5}),
    svg("g", {class: SEVERITIES[severity]}, svg("rect", {class: "stripe", width: 6, height: BOX.height, rx: 2})),
    svg("text", {x: 14, y: 17}, clipLeft(title, 29)), svg("text", {x: 14, y: 32, class: "kind"}, clipLeft(what + (failed ? " · " + failed : ""), 36)));
  }

  function curve(a, b, title, unsure) {
    const x1 = a.x + BOX.width, y1 = a.y + BOX.height / 2, x2 = b.x, y2 = b.y + BOX.height / 2;
    const back = x2 < x1 ? 60 : Math.max(30, (x2 - x1) / 2);
    return svg("g", {}, svg("title", {}, title), svg("path", {class: "link" + (unsure ? " unsure" : ""), "marker-end": "url(#arrow)",
      d: "M" + x1 + " " + y1 + " C" + (x1 + back) + " " + y1 + " " + (x2 - back) + " " + y2 + " " + (x2 - 4) + " " + y2}));
  }

  function paint(size, parts) {
    root = svg("g", {}, parts);
    byId("picture-frame").replaceChildren(svg("svg", {role: "group", "aria-label": "Paths and connections"},
      svg("defs", {}, svg("marker", {id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto"},
        svg("path", {class: "arrow", d: "M0 0 L8 4 L0 8 z"}))), root));
    state.size = size;
    fit();
  }

  function draw(i) {
    const depth = Number(byId("picture-depth").value), {layer, left} = layers(i, depth), {at, width, height} = place(layer);
    const drawn = links.filter((link) => shown.has(link[2]) && at.has(link[0]) && at.has(link[1]) && link[0] !== link[1]);
    state.at = i;
    byId("picture-path").value = "";
    byId("picture-at").value = address(i);
    paint({width, height}, [
      drawn.map((link) => curve(at.get(link[0]), at.get(link[1]),
        address(link[0]) + " " + p.types[link[2]] + " " + address(link[1]) + (link[3] ? " (" + link[3] + ")" : ""))),
      [...at].map(([node, xy]) => box(xy.x, xy.y, address(node), kind(node), nodes[node][1], nodes[node][2], node === i,
        () => node === i ? showFindings(nodes[node][0]) : draw(node)))]);
    byId("picture-note").textContent = address(i) + ": " + plural(at.size - 1, "resource") + " around it"
      + (left > 0 ? "; " + number(left) + " more are left out" : "") + ". A click on it shows its findings"
      + (p.left_out > 0 ? ". " + plural(p.left_out, "resource") + " without failures beyond the limit are not in this picture." : ".");
    byId("picture-table").replaceChildren(table(["From", "Connection", "To", "Detail"], drawn.slice(0, 500).map((link) =>
      [address(link[0]), p.types[link[2]], address(link[1]), link[3]])));
  }

  /* A step of a chain: between the sides that face each other. */
  function step(a, b, hop, title, unsure) {
    const mid = BOX.height / 2, right = b.x > a.x;
    const down = a.y !== b.y;
    const from = down ? [a.x + BOX.width / 2, a.y + BOX.height] : right ? [a.x + BOX.width, a.y + mid] : [a.x, a.y + mid];
    const to = down ? [b.x + BOX.width / 2, b.y - 4] : right ? [b.x - 4, b.y + mid] : [b.x + BOX.width + 4, b.y + mid];
    return svg("g", {}, svg("title", {}, title), svg("path", {class: "link" + (unsure ? " unsure" : ""), "marker-end": "url(#arrow)",
      d: "M" + from.join(" ") + " L" + to.join(" ")}),
    svg("text", {class: "kind", x: (from[0] + to[0]) / 2 + (down ? 8 : 0), y: (from[1] + to[1]) / 2 + (down ? 4 : -6),
      "text-anchor": down ? "start" : "middle"}, hop));
  }

  /* An attack path as a chain that turns at the end of each row. */
  function drawPath(path) {
    const per = 4, column = (i) => Math.floor(i / per) % 2 === 0 ? i % per : per - 1 - i % per;
    const at = (i) => ({x: column(i) * (BOX.width + BOX.gap), y: Math.floor(i / per) * (BOX.height + 60)});
    const stops = [path.start].concat(path.steps.map((s) => s.to)), n = stops.length;
    paint({width: Math.min(n, per) * (BOX.width + BOX.gap) - BOX.gap, height: Math.ceil(n / per) * (BOX.height + 60) - 60}, [
      path.steps.map((s, i) => step(at(i), at(i + 1), s.hop, s.hop + (s.note ? ": " + s.note : ""), !s.certain)),
      stops.map((stop, i) => box(at(i).x, at(i).y, stop.title, stop.kind,
        byAddress.has(stop.title) ? nodes[byAddress.get(stop.title)][1] : 0, 0, i === n - 1,
        byAddress.has(stop.title) ? () => draw(byAddress.get(stop.title)) : null))]);
    byId("picture-note").textContent = (path.certain ? "Certain: " : "Possible, " + path.reason + ": ")
      + path.steps.map((s) => s.hop + (s.note ? " (" + s.note + ")" : "")).join(", then ") + ".";
    byId("picture-table").replaceChildren(table(["From", "Step", "To", "Detail", "Where"], path.steps.map((s, i) =>
      [stops[i].title, s.hop, s.to.title, s.note + (s.certain ? "" : " (" + s.reason + ")"), placeText(data, s.path, s.line)])));
  }

  function apply() {
    const v = state.view;
    root.setAttribute("transform", "translate(" + v.x + " " + v.y + ") scale(" + v.scale + ")");
  }

  function fit() {
    const frame = byId("picture-frame"), w = frame.clientWidth || 800, h = frame.clientHeight || 480;
    const scale = Math.min(1.2, (w - 30) / Math.max(state.size.width, 1), (h - 30) / Math.max(state.size.height, 1));
    state.view = {scale, x: (w - state.size.width * scale) / 2, y: (h - state.size.height * scale) / 2};
    apply();
  }

  function zoom(factor, x, y) {
    const v = state.view, frame = byId("picture-frame");
    const cx = x === undefined ? frame.clientWidth / 2 : x, cy = y === undefined ? frame.clientHeight / 2 : y;
    const scale = Math.min(4, Math.max(0.05, v.scale * factor)), k = scale / v.scale;
    state.view = {scale, x: cx - (cx - v.x) * k, y: cy - (cy - v.y) * k};
    apply();
  }

  function bindFrame() {
    const frame = byId("picture-frame");
    let drag = null;
    frame.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.shiftKey) return; /* the page scrolls */
      event.preventDefault();
      const r = frame.getBoundingClientRect();
      zoom(event.deltaY < 0 ? 1.15 : 0.87, event.clientX - r.left, event.clientY - r.top);
    }, {passive: false});
    frame.addEventListener("pointerdown", (event) => { drag = {x: event.clientX - state.view.x, y: event.clientY - state.view.y}; });
    frame.addEventListener("pointermove", (event) => {
      if (!drag || event.buttons === 0) return;
      state.view.x = event.clientX - drag.x;
      state.view.y = event.clientY - drag.y;
      apply();
    });
    frame.addEventListener("pointerup", () => { drag = null; });
  }

  function build() {
    if (nodes.length === 0 && data.attack_paths.length === 0) {
      byId("picture-note").textContent = "No resource is joined to another one.";
      for (const part of document.querySelectorAll("#picture .filters, #picture fieldset, #picture details, #picture-frame")) part.remove();
      return;
    }
    byId("picture-nodes").append(...nodes.map((node, i) => el("option", {value: address(i)})));
    p.types.forEach((type, t) => {
      if (counts[t] > 0)
        byId("picture-types").append(el("label", {}, el("input", {type: "checkbox", value: t, checked: shown.has(t), onchange: (event) => {
          if (event.target.checked) shown.add(t); else shown.delete(t);
          draw(state.at);
        }}), type.replace(/_/g, " ") + " (" + number(counts[t]) + ")"));
    });
    if (data.attack_paths.length === 0) byId("picture-path-label").hidden = true;
    else options(byId("picture-path"), [["", "none"]].concat(data.attack_paths.map((path, i) =>
      [i, (path.certain ? "" : "possible: ") + path.start.title + " → " + path.steps[path.steps.length - 1].to.title])));
    byId("picture-path").addEventListener("change", (event) => event.target.value === "" ? draw(state.at)
      : drawPath(data.attack_paths[event.target.value]));
    byId("picture-at").addEventListener("change", (event) => {
      if (byAddress.has(event.target.value)) draw(byAddress.get(event.target.value));
    });
    byId("picture-depth").addEventListener("change", () => draw(state.at));
    byId("picture-in").addEventListener("click", () => zoom(1.3));
    byId("picture-out").addEventListener("click", () => zoom(1 / 1.3));
    byId("picture-fit").addEventListener("click", fit);
    bindFrame();
    if (data.attack_paths.length > 0) {
      byId("picture-path").value = 0;
      drawPath(data.attack_paths[0]);
    } else {
      draw(best());
    }
  }

  return {build};
}
