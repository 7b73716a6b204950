import type { Labels, Rectangle } from "@unet/data";

/**
 * Fills the holes of an object: background that it encloses. Background that
 * touches the outside by a corner alone is enclosed. Other objects in a hole
 * stay, and so does what is unlabeled.
 *
 * @param labels Changed in place.
 * @param label The object.
 * @param box A rectangle that holds it.
 */
export function fillHoles(
  { width, data }: Labels,
  label: number,
  box: Rectangle,
): void {
  const columns = box.width + 2, rows = box.height + 2;
  // With a border all around, which is outside.
  const isOutside = new Uint8Array(columns * rows);
  const isOpen = (at: number): boolean => {
    const x = at % columns - 1, y = Math.floor(at / columns) - 1;
    if (x < 0 || y < 0 || x >= box.width || y >= box.height) return true;
    return data[(box.y + y) * width + box.x + x] !== label;
  };
  const waiting = [0];
  isOutside[0] = 1;
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const column = at % columns;
    for (
      const next of [
        ...(column > 0 ? [at - 1] : []),
        ...(column < columns - 1 ? [at + 1] : []),
        at - columns,
        at + columns,
      ]
    ) {
      if (next < 0 || next >= isOutside.length) continue;
      if (isOutside[next] || !isOpen(next)) continue;
      isOutside[next] = 1;
      waiting.push(next);
    }
  }
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      const at = (box.y + y) * width + box.x + x;
      const isHole = data[at] === 0 && !isOutside[(y + 1) * columns + x + 1];
      if (isHole) data[at] = label;
    }
  }
}
