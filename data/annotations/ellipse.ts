import type { Corner } from "./annotation.ts";

/** The largest distance between an ellipse and its corners' chords, in pixels. */
const tolerance = 1e-3;

/** The corners of an ellipse that is drawn around a center. */
export function circleOf({ x, y, across, down }: {
  readonly x: number;
  readonly y: number;
  /** Half of its width. */
  readonly across: number;
  /** Half of its height. */
  readonly down: number;
}): Corner[] {
  const radius = Math.max(across, down, 1);
  const corners = Math.min(
    4096,
    Math.max(16, Math.ceil(Math.PI * Math.sqrt(radius / (2 * tolerance)))),
  );
  return Array.from({ length: corners }, (_, at) => {
    const angle = 2 * Math.PI * at / corners;
    return [x + across * Math.cos(angle), y + down * Math.sin(angle)] as const;
  });
}
