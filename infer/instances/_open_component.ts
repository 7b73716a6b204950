/** What the network says of the rows that runs are found in. */
export interface RunValues {
  /** Probabilities. */
  readonly probability: Float32Array;
  /** Probabilities of being a border, or null. */
  readonly border: Float32Array | null;
  /** Probabilities of each class, interleaved; null by default. */
  readonly classes?: Float32Array | null;
  /** The pixel where the values begin that are meant. */
  readonly offset: number;
}

/** Pixels of a row that follow one another. */
export interface Run {
  /** The row. */
  readonly y: number;
  /** The first column. */
  readonly start: number;
  /** The column after the last one. */
  readonly end: number;
}

/**
 * Connected foreground that rows still to come may add to: its runs of pixels
 * and what the network says of them. It keeps no row, nor any pixel outside.
 */
export class OpenComponent {
  /** The first row. */
  top = Infinity;
  /** The last row so far. */
  bottom = -1;
  /** The first column. */
  left = Infinity;
  /** The last column. */
  right = -1;
  /** Row, first column and the column after the last one, for each run. */
  runs = new Int32Array(24);
  /** Values of `runs` that are taken. */
  runLength = 0;
  /** The pixels' probabilities, run by run. */
  probability = new Float32Array(64);
  /** The pixels' probabilities of being a border, if the network has them. */
  border: Float32Array | null;
  /** The pixels' probabilities of each class, if the network has classes. */
  classes: Float32Array | null;
  /** Classes that each pixel has a probability of. */
  readonly channels: number;
  /** How many pixels there are. */
  pixels = 0;
  /** Whether it has been given, and takes no more runs. */
  isClosed = false;
  /** Whether objects were taken out of it. */
  isRest = false;
  #absorbedBy: OpenComponent | null = null;

  /**
   * @param hasBorder Whether the network finds borders.
   * @param channels How many classes it has; none by default.
   */
  constructor(hasBorder: boolean, channels = 0) {
    this.border = hasBorder ? new Float32Array(64) : null;
    this.classes = channels > 0 ? new Float32Array(64 * channels) : null;
    this.channels = channels;
  }

  /** The component that this one has become part of. */
  root(): OpenComponent {
    // deno-lint-ignore no-this-alias
    let at: OpenComponent = this;
    while (at.#absorbedBy !== null) {
      const above = at.#absorbedBy;
      if (above.#absorbedBy !== null) at.#absorbedBy = above.#absorbedBy;
      at = above;
    }
    return at;
  }

  /** Adds a run, whose first value is at `offset`. */
  append(
    { y, start, end }: Run,
    { probability, border, classes = null, offset }: RunValues,
  ): void {
    this.#reserve(3, end - start);
    const { runs, pixels } = this;
    runs[this.runLength] = y;
    runs[this.runLength + 1] = start;
    runs[this.runLength + 2] = end;
    this.runLength += 3;
    const span = { from: offset, to: pixels, count: end - start };
    copy(probability, this.probability, span);
    if (border !== null) copy(border, this.border!, span);
    if (classes !== null) {
      const { channels } = this;
      copy(classes, this.classes!, {
        ...{ from: offset * channels, to: pixels * channels },
        count: span.count * channels,
      });
    }
    this.pixels += end - start;
    if (y < this.top) this.top = y;
    if (y > this.bottom) this.bottom = y;
    if (start < this.left) this.left = start;
    if (end > this.right + 1) this.right = end - 1;
  }

  /** Unites two; the larger one takes the other's pixels and is returned. */
  unite(other: OpenComponent): OpenComponent {
    if (this.pixels < other.pixels) return other.unite(this);
    this.#reserve(other.runLength, other.pixels);
    this.runs.set(other.runs.subarray(0, other.runLength), this.runLength);
    const values = other.probability.subarray(0, other.pixels);
    this.probability.set(values, this.pixels);
    this.border?.set(other.border!.subarray(0, other.pixels), this.pixels);
    const { channels } = this;
    this.classes?.set(
      other.classes!.subarray(0, other.pixels * channels),
      this.pixels * channels,
    );
    this.runLength += other.runLength;
    this.pixels += other.pixels;
    this.top = Math.min(this.top, other.top);
    this.bottom = Math.max(this.bottom, other.bottom);
    this.left = Math.min(this.left, other.left);
    this.right = Math.max(this.right, other.right);
    this.isRest ||= other.isRest;
    other.#absorbedBy = this;
    other.runs = new Int32Array(0);
    other.probability = new Float32Array(0);
    other.border = null;
    other.classes = null;
    return this;
  }

  /** Whether its bounding box is as large or as tall as this. */
  isLarger(box: number, rows: number): boolean {
    const height = this.bottom - this.top + 1;
    return height >= rows || height * (this.right - this.left + 1) >= box;
  }

  #reserve(runLength: number, pixels: number): void {
    if (this.runLength + runLength > this.runs.length) {
      const grown = new Int32Array(2 * (this.runLength + runLength));
      grown.set(this.runs);
      this.runs = grown;
    }
    if (this.pixels + pixels <= this.probability.length) return;
    const length = 2 * (this.pixels + pixels);
    this.probability = enlarged(this.probability, length);
    if (this.border) this.border = enlarged(this.border, length);
    if (this.classes) {
      this.classes = enlarged(this.classes, length * this.channels);
    }
  }
}

function enlarged(
  values: Float32Array,
  length: number,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(length);
  result.set(values);
  return result;
}

/** Copies few values faster than a view of them could be made. */
function copy(
  source: Float32Array,
  target: Float32Array,
  { from, to, count }: {
    readonly from: number;
    readonly to: number;
    readonly count: number;
  },
): void {
  if (count > 64) {
    target.set(source.subarray(from, from + count), to);
    return;
  }
  for (let i = 0; i < count; i++) target[to + i] = source[from + i]!;
}
