/**
 * The script of the space-time page. Plain JavaScript for browsers: it draws `DATA`, of the shape of
 * `SpaceTimeData`, on a canvas. What one pixel cannot show apart is drawn once, so that a frame costs the
 * same for a thousand events and for a million.
 */
export const SPACE_TIME_VIEWER: string = String.raw`
'use strict';
(() => {
  const canvas = document.getElementById('diagram');
  const tip = document.getElementById('tip');
  const detail = document.getElementById('detail');
  const pen = canvas.getContext('2d');
  const { names, classes, at, column, kind, cause, text, texts, story, target } = DATA;
  const count = at.length;
  const endUs = count === 0 ? 1 : at[count - 1] + 1;
  const HEAD = 26, LEFT = 74;
  const shown = new Set(classes.map((_, index) => index).filter((index) => classes[index] !== 'timer'));
  const told = new Map(story);
  // A message is found by its sending, too.
  const delivered = new Int32Array(count).fill(-1);
  for (let row = 0; row < count; row++) if (cause[row] >= 0) delivered[cause[row]] = row;
  let width = 0, height = 0, fromUs = 0, usPerPixel = 1, chosen = -1, scheduled = false;

  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const COLOURS = ['--accent', '--good', '--dim', '--dim', '--dim', '--bad'];
  const x = (col) => LEFT + ((width - LEFT) * (col + 0.5)) / Math.max(1, names.length);
  const y = (us) => HEAD + (us - fromUs) / usPerPixel;

  /** The first row at or after a time. */
  function rowAt(us) {
    let low = 0, high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at[middle] < us) low = middle + 1; else high = middle;
    }
    return low;
  }

  function size() {
    const ratio = window.devicePixelRatio || 1;
    width = canvas.clientWidth;
    height = canvas.clientHeight;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  function look(centreUs, spanUs) {
    usPerPixel = Math.max(0.5, Math.min(spanUs, endUs * 1.2) / Math.max(1, height - HEAD));
    fromUs = centreUs - (usPerPixel * (height - HEAD)) / 2;
    clamp();
    redraw();
  }

  function clamp() {
    const span = usPerPixel * (height - HEAD);
    fromUs = Math.max(-span * 0.1, Math.min(fromUs, endUs - span * 0.5));
  }

  function redraw() {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => { scheduled = false; draw(); });
  }

  function draw() {
    const ink = css('--ink'), dim = css('--dim'), rule = css('--rule'), bad = css('--bad');
    const colours = COLOURS.map(css);
    const toUs = fromUs + usPerPixel * (height - HEAD);
    pen.clearRect(0, 0, width, height);
    pen.font = '12px system-ui, sans-serif';
    axis(dim, rule, toUs);
    pen.strokeStyle = rule;
    pen.lineWidth = 1;
    for (let col = 0; col < names.length; col++) line(x(col), HEAD, x(col), height);
    // A message that began above the screen may end on it: look a little further up.
    const first = rowAt(fromUs - Math.max(200000, usPerPixel * 200));
    const last = rowAt(toUs + 1);
    pen.save();
    pen.beginPath();
    pen.rect(0, HEAD, width, height - HEAD);
    pen.clip();
    messages(first, last, dim);
    dots(first, last, colours, bad);
    labels(first, last, ink, bad);
    pen.restore();
    pen.fillStyle = ink;
    pen.textAlign = 'center';
    const room = (width - LEFT) / Math.max(1, names.length);
    for (let col = 0; col < names.length; col++) {
      const name = room < 60 ? names[col].replace('server ', '') : names[col];
      pen.fillText(name, x(col), 17);
    }
  }

  function line(x0, y0, x1, y1) {
    pen.beginPath();
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
    pen.stroke();
  }

  function axis(dim, rule, toUs) {
    const raw = usPerPixel * 70;
    let step = 1;
    for (const unit of [1, 2, 5]) for (let ten = 1; ten < 1e12; ten *= 10) {
      if (unit * ten >= raw && (step === 1 || unit * ten < step)) step = unit * ten;
    }
    pen.textAlign = 'right';
    pen.fillStyle = dim;
    pen.strokeStyle = rule;
    for (let us = Math.max(0, Math.ceil(fromUs / step) * step); us <= toUs; us += step) {
      const top = y(us);
      if (top < HEAD) continue;
      pen.fillText((us / 1000).toFixed(step < 1000 ? 3 : 0) + ' ms', LEFT - 8, top + 4);
      line(LEFT, top, width, top);
    }
  }

  function messages(first, last, dim) {
    if (!shown.has(classes.indexOf('message'))) return;
    pen.strokeStyle = dim;
    pen.globalAlpha = 0.45;
    pen.beginPath();
    const drawn = new Map();
    for (let row = first; row < last; row++) {
      const from = cause[row];
      if (from < 0) continue;
      const y0 = y(at[from]), y1 = y(at[row]);
      if (y1 < HEAD) continue;
      const key = column[from] * 1024 + column[row];
      const pixel = Math.round(y0) * 8192 + Math.round(y1);
      if (drawn.get(key) === pixel) continue;
      drawn.set(key, pixel);
      pen.moveTo(x(column[from]), y0);
      pen.lineTo(x(column[row]), y1);
    }
    pen.stroke();
    pen.globalAlpha = 1;
  }

  function dots(first, last, colours, bad) {
    const drawn = new Int32Array((names.length + 1) * classes.length).fill(-1);
    for (let row = first; row < last; row++) {
      const top = y(at[row]);
      if (top < HEAD - 2 || !shown.has(kind[row])) continue;
      const slot = (column[row] + 1) * classes.length + kind[row];
      if (drawn[slot] === Math.round(top) && !told.has(row)) continue;
      drawn[slot] = Math.round(top);
      if (column[row] < 0) {
        pen.strokeStyle = bad;
        pen.globalAlpha = classes[kind[row]] === 'fault' ? 0.7 : 0.15;
        line(LEFT, top, width, top);
        pen.globalAlpha = 1;
        continue;
      }
      pen.fillStyle = colours[kind[row]];
      const radius = told.has(row) ? 4.5 : kind[row] === 0 || classes[kind[row]] === 'fault' ? 3 : 1.8;
      pen.beginPath();
      pen.arc(x(column[row]), top, radius, 0, 7);
      pen.fill();
    }
    for (const row of [target, chosen]) if (row >= 0) ring(row, row === target ? bad : colours[0]);
  }

  function ring(row, colour) {
    pen.strokeStyle = colour;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(column[row] < 0 ? LEFT : x(column[row]), y(at[row]), 8, 0, 7);
    pen.stroke();
    pen.lineWidth = 1;
    if (cause[row] >= 0) line(x(column[cause[row]]), y(at[cause[row]]), x(column[row]), y(at[row]));
  }

  /** Words beside what the story tells of, as far as there is room. */
  function labels(first, last, ink, bad) {
    const room = (width - LEFT) / Math.max(1, names.length) / 2 - 10;
    if (room < 30) return;
    const low = new Array(names.length + 1).fill(-100);
    pen.textAlign = 'left';
    for (let row = first; row < last; row++) {
      const fault = column[row] < 0 && classes[kind[row]] === 'fault';
      const spoken = fault || (kind[row] === 0 && usPerPixel < 2000);
      const words = told.get(row) ?? (spoken ? texts[text[row]] : '');
      const top = y(at[row]);
      const slot = column[row] + 1;
      if (words === '' || top < HEAD || top - low[slot] < 13) continue;
      low[slot] = top;
      pen.fillStyle = column[row] < 0 ? bad : ink;
      const left = column[row] < 0 ? LEFT + 6 : x(column[row]) + 8;
      const most = column[row] < 0 ? width - LEFT - 12 : room * 2 - 8;
      pen.fillText(fitted(words, most), left, top + (column[row] < 0 ? -4 : 4));
    }
  }

  function fitted(words, most) {
    const length = Math.floor(most / 6.2);
    return words.length <= length ? words : words.slice(0, Math.max(1, length - 1)) + '…';
  }

  /** What is nearest to a point, within some pixels; −1: nothing. */
  function near(px, py) {
    const reach = 9;
    const us = fromUs + (py - HEAD) * usPerPixel;
    let best = -1, least = reach * reach + 1;
    for (let row = rowAt(us - reach * usPerPixel); row < count && at[row] <= us + reach * usPerPixel; row++) {
      if (!shown.has(kind[row])) continue;
      const dx = column[row] < 0 ? 0 : x(column[row]) - px, dy = y(at[row]) - py;
      const far = dx * dx + dy * dy + (column[row] < 0 ? 40 : 0);
      if (far < least || (far === least && told.has(row))) { least = far; best = row; }
    }
    return best;
  }

  function words(row) {
    const who = column[row] < 0 ? 'world' : names[column[row]];
    return (at[row] / 1000).toFixed(3) + ' ms · ' + who + ' ' + texts[text[row]];
  }

  function choose(row) {
    chosen = row;
    detail.textContent = row < 0 ? '' : words(row);
    if (row >= 0 && cause[row] >= 0) detail.textContent += '\nsent at ' + words(cause[row]);
    if (row >= 0 && delivered[row] >= 0) detail.textContent += '\narrives at ' + words(delivered[row]);
    redraw();
  }

  function zoom(factor, py) {
    const us = fromUs + (py - HEAD) * usPerPixel;
    usPerPixel = Math.max(0.5, Math.min(usPerPixel * factor, (endUs * 1.2) / Math.max(1, height - HEAD)));
    fromUs = us - (py - HEAD) * usPerPixel;
    clamp();
    redraw();
  }

  canvas.addEventListener('wheel', (event) => {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) zoom(Math.exp(event.deltaY * 0.004), event.offsetY);
    else { fromUs += event.deltaY * usPerPixel; clamp(); redraw(); }
  }, { passive: false });
  const fingers = new Map();
  let moved = 0;
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event.offsetY);
    moved = 0;
  });
  canvas.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) {
      const row = near(event.offsetX, event.offsetY);
      tip.hidden = row < 0;
      if (row < 0) return;
      tip.textContent = words(row);
      tip.style.left = Math.max(0, Math.min(event.offsetX + 14, width - 260)) + 'px';
      tip.style.top = event.offsetY + 14 + 'px';
      return;
    }
    fingers.set(event.pointerId, event.offsetY);
    if (fingers.size === 2) {
      const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, top]) => top);
      const was = Math.abs(before - other), is = Math.abs(event.offsetY - other);
      if (was > 4 && is > 4) zoom(was / is, (event.offsetY + other) / 2);
    } else {
      fromUs -= (event.offsetY - before) * usPerPixel;
      clamp();
      redraw();
    }
    moved += Math.abs(event.offsetY - before);
  });
  const lift = (event) => {
    if (fingers.delete(event.pointerId) && moved < 4) choose(near(event.offsetX, event.offsetY));
  };
  canvas.addEventListener('pointerup', lift);
  canvas.addEventListener('pointercancel', lift);
  canvas.addEventListener('pointerleave', () => { tip.hidden = true; });
  canvas.addEventListener('keydown', (event) => {
    const page = (height - HEAD) * usPerPixel;
    const jump = { ArrowUp: -0.1, ArrowDown: 0.1, PageUp: -0.9, PageDown: 0.9 }[event.key];
    if (jump !== undefined) { fromUs += jump * page; clamp(); redraw(); }
    else if (event.key === '+' || event.key === '=') zoom(0.7, height / 2);
    else if (event.key === '-') zoom(1 / 0.7, height / 2);
    else return;
    event.preventDefault();
  });
  for (const box of document.querySelectorAll('input[data-class]')) {
    box.addEventListener('change', () => {
      const index = classes.indexOf(box.dataset.class);
      if (box.checked) shown.add(index); else shown.delete(index);
      redraw();
    });
  }
  for (const item of document.querySelectorAll('[data-row]')) {
    item.addEventListener('click', () => {
      const row = Number(item.dataset.row);
      look(at[row], Math.min(usPerPixel * (height - HEAD), 400000));
      choose(row);
    });
  }
  document.getElementById('zoom-in').addEventListener('click', () => zoom(0.5, height / 2));
  document.getElementById('zoom-out').addEventListener('click', () => zoom(2, height / 2));
  document.getElementById('whole').addEventListener('click', () => look(endUs / 2, endUs * 1.05));
  new ResizeObserver(() => { size(); clamp(); redraw(); }).observe(canvas);
  size();
  const rows = story.map(([row]) => at[row]);
  const middle = target >= 0 ? at[target] : endUs / 2;
  const near0 = rows.filter((us) => us >= middle - 1500000);
  const start = near0.length > 1 ? Math.min(...near0) : middle - 500000;
  look((start + middle) / 2, Math.max(20000, (middle - start) * 1.2));
  // For whoever drives the page by a script: the time of a frame, in ms.
  window.measureFrame = () => { const began = performance.now(); draw(); return performance.now() - began; };
})();
`;
