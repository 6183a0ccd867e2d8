// The box to sign in: kept as points on a sheet of 1000 by 300, drawn from them at any size.
// Without this file, and for those who cannot draw, the typed name is the signature.

const WIDTH = 1000;
const HEIGHT = 300;
const MOST_POINTS = 5000;

function keepSignature(box) {
  const field = document.getElementById(box.dataset.signature);
  const alone = document.getElementById(box.dataset.alone);
  const canvas = box.querySelector("canvas");
  const pen = canvas.getContext("2d");
  const began = performance.now();
  let strokes = read();
  let drawing = null;
  let pointer = null; // whose stroke it is: a palm that rests on the screen draws nothing

  function read() {
    try {
      const found = JSON.parse(field.value);
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  }

  function keep() {
    field.value = strokes.length ? JSON.stringify(strokes) : "";
  }

  // The canvas has as many dots as the screen: else the drawing is blurred, or a part of it.
  function draw() {
    const { width, height } = canvas.getBoundingClientRect();
    const dots = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * dots);
    canvas.height = Math.round(height * dots);
    pen.setTransform(canvas.width / WIDTH, 0, 0, canvas.height / HEIGHT, 0, 0);
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#000";
    for (const stroke of strokes) {
      pen.beginPath();
      stroke.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      if (stroke.length === 1) pen.lineTo(stroke[0][0], stroke[0][1]);
      pen.stroke();
    }
  }

  function add(event) {
    const sheet = canvas.getBoundingClientRect();
    const within = (value, most) => Math.round(Math.min(Math.max(value, 0), 1) * most);
    const x = within((event.clientX - sheet.left) / sheet.width, WIDTH);
    const y = within((event.clientY - sheet.top) / sheet.height, HEIGHT);
    const last = drawing.at(-1);
    if (last && last[0] === x && last[1] === y) return;
    if (strokes.reduce((sum, stroke) => sum + stroke.length, 0) >= MOST_POINTS) return;
    drawing.push([x, y, Math.round(Math.min(event.timeStamp - began, 600000))]);
    draw();
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || drawing) return;
    canvas.setPointerCapture(event.pointerId);
    drawing = [];
    pointer = event.pointerId;
    strokes.push(drawing);
    if (alone) alone.checked = false;
    add(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing || event.pointerId !== pointer) return;
    const all = event.getCoalescedEvents?.() ?? [];
    (all.length ? all : [event]).forEach(add);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => {
      if (event.pointerId !== pointer) return;
      drawing = null;
      keep();
    });
  }
  box.querySelector("[data-undo]").addEventListener("click", () => {
    strokes.pop();
    keep();
    draw();
  });
  box.querySelector("[data-clear]").addEventListener("click", () => {
    strokes = [];
    keep();
    draw();
  });
  box.hidden = false;
  new ResizeObserver(draw).observe(canvas);
  draw();
}

document.querySelectorAll("[data-signature]").forEach(keepSignature);
