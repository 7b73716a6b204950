/**
 * Arrays for one component at a time, lent again to the next. They grow to the
 * largest component; what is in them is left from the last one.
 */
export class Workspace {
  /** 1 on the component, 0 elsewhere. */
  inside = new Uint8Array(0);
  /** Probability, of the component's pixels alone. */
  probability = new Float32Array(0);
  /** Probability of a border, of the component's pixels alone. */
  border = new Float32Array(0);
  /** The height that is flooded from its peaks down. */
  relief = new Int32Array(0);
  /** The number of the part that a pixel belongs to, 0 for none. */
  labels = new Int32Array(0);
  /** Pixels in the order of a sort, or waiting in a queue. */
  order = new Int32Array(0);
  /** For each pixel, another one. */
  links = new Int32Array(0);

  /** Heights with a margin around them. */
  margined = new Float64Array(0);
  /** The same, half of the way through a filter. */
  filtered = new Float64Array(0);

  /** Makes sure that there is room for so many pixels with their margin. */
  reserveMargined(pixels: number): void {
    if (pixels <= this.margined.length) return;
    const length = Math.ceil(1.25 * pixels);
    this.margined = new Float64Array(length);
    this.filtered = new Float64Array(length);
  }

  /** Makes sure that there is room for so many pixels. */
  reserve(pixels: number): void {
    if (pixels <= this.inside.length) return;
    const length = Math.ceil(1.25 * pixels);
    this.inside = new Uint8Array(length);
    this.probability = new Float32Array(length);
    this.border = new Float32Array(length);
    this.relief = new Int32Array(length);
    this.labels = new Int32Array(length);
    this.order = new Int32Array(length);
    this.links = new Int32Array(length);
  }
}
