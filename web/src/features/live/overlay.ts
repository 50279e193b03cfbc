// What was seen, drawn over the picture: box, outlines of the mesh, and who is who.
import {boxAt, placed, pointAt} from './geometry';
import type {Face, MeshShape, Observed} from './protocol';

export interface OverlayStyle {
  main: number | null;
  mirrored: boolean;
  fit: 'contain' | 'cover';
  mesh: boolean;
  boxes: boolean;
  label: (face: Face) => string;
}

// Light on a dark rim: seen on any picture.
const kLine = '#8fe3e6', kMain = '#ffd27a', kLost = '#ff9f9f', kRim = 'rgba(0, 18, 20, 0.55)';
const kMeshUnits = 10_000;

export function drawOverlay(canvas: HTMLCanvasElement, seen: Observed | null, shape: MeshShape | null, style: OverlayStyle) {
  const context = canvas.getContext('2d');
  if (!context) return;
  const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
  const width = canvas.clientWidth, height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  if (!seen) return;
  const place = placed(seen.width, seen.height, width, height, style.fit);
  for (const face of seen.faces) {
    if (face.face_id < 0 || !face.box) continue;
    const colour = !face.valid ? kLost : face.face_id === style.main ? kMain : kLine;
    if (style.mesh && shape && face.mesh) drawMesh(context, face.mesh, shape.lines, (x, y) => pointAt(place, x, y, style.mirrored), colour);
    if (!style.boxes) continue;
    const [x, y, w, h] = face.box;
    const at = boxAt(place, [x / seen.width, y / seen.height, w / seen.width, h / seen.height], style.mirrored);
    drawCorners(context, at.x, at.y, at.width, at.height, colour, face.valid);
    drawLabel(context, style.label(face), at.x, at.y, width, colour);
  }
}

function drawMesh(context: CanvasRenderingContext2D, mesh: readonly number[], lines: readonly (readonly number[])[], to: (x: number, y: number) => [number, number], colour: string) {
  context.beginPath();
  for (const line of lines) {
    let begun = false;
    for (const point of line) {
      const x = mesh[2 * point], y = mesh[2 * point + 1];
      if (x === undefined || y === undefined) continue;
      const [px, py] = to(x / kMeshUnits, y / kMeshUnits);
      if (begun) context.lineTo(px, py);
      else context.moveTo(px, py);
      begun = true;
    }
  }
  context.lineJoin = 'round';
  context.strokeStyle = kRim;
  context.lineWidth = 3;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = 1.25;
  context.stroke();
}

function drawCorners(context: CanvasRenderingContext2D, x: number, y: number, w: number, h: number, colour: string, whole: boolean) {
  const arm = Math.min(22, w / 4, h / 4);
  context.beginPath();
  for (const [cx, cy, dx, dy] of [[x, y, 1, 1], [x + w, y, -1, 1], [x, y + h, 1, -1], [x + w, y + h, -1, -1]] as const) {
    context.moveTo(cx + dx * arm, cy);
    context.lineTo(cx, cy);
    context.lineTo(cx, cy + dy * arm);
  }
  context.setLineDash(whole ? [] : [5, 4]);
  context.lineCap = 'round';
  context.strokeStyle = kRim;
  context.lineWidth = 5;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = 2.25;
  context.stroke();
  context.setLineDash([]);
}

function drawLabel(context: CanvasRenderingContext2D, text: string, x: number, y: number, most: number, colour: string) {
  context.font = '600 13px system-ui, sans-serif';
  const width = context.measureText(text).width + 14;
  const left = Math.max(2, Math.min(x, most - width - 2)), top = Math.max(2, y - 26);
  context.fillStyle = 'rgba(0, 18, 20, 0.78)';
  context.beginPath();
  context.roundRect(left, top, width, 21, 6);
  context.fill();
  context.fillStyle = colour;
  context.textBaseline = 'middle';
  context.fillText(text, left + 7, top + 11);
}
