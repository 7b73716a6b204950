import type { Layout } from "./_layouts.ts";
import type { GridShape } from "./machine_code/planes_grid.ts";

/** Channels of some planes, and what a step of their bytes stands for. */
export interface PlanePart {
  /** How many. */
  readonly channels: number;
  /** A step; of floats, 1. */
  readonly step: number;
  /** Whether bytes are 128 more than the numbers, which may be negative. */
  readonly signed: boolean;
}

/** What planes are made of. */
export interface PlanesParts {
  /** What a plane's four bytes are. */
  readonly holds: "bytes" | "floats";
  /** N, H and W. */
  readonly shape: GridShape;
  /** The tensor's own planes; then, if there are, those of another. */
  readonly parts: readonly PlanePart[];
}

/**
 * How features in planes lie, for the programs on planes alone: no primitive
 * reads them, and one that tries throws.
 */
export class PlanesLayout implements Layout {
  readonly dims: readonly number[];
  readonly type = "u8";
  readonly scale = 1;
  readonly id = -1;
  readonly dense = false;
  readonly order = null;
  /** What they are made of. */
  readonly made: PlanesParts;

  /**
   * @param made What they are made of.
   * @param bytes Bytes of the tensor's own planes.
   */
  constructor(made: PlanesParts, readonly bytes: number) {
    const [n, height, width] = made.shape;
    const channels = made.parts.reduce((sum, part) => sum + part.channels, 0);
    this.dims = [n, channels, height, width];
    this.made = made;
  }

  get handle(): never {
    throw this.#unreadable();
  }

  get rowMajor(): never {
    throw this.#unreadable();
  }

  #unreadable(): TypeError {
    return new TypeError(
      `Cannot read features [${this.dims}]: found planes of ` +
        `${this.made.holds}, expected a kernel on planes to read them`,
    );
  }
}
