import type { DeviceTrace, TraceReport, TraceRow } from "../device.ts";

/** A row that still counts. */
type Counting = { -readonly [Key in keyof TraceRow]: TraceRow[Key] };

/** Counts what is computed, once it is begun. */
export class Trace implements DeviceTrace {
  #kernels = new Map<string, Counting>();
  #primitives = new Map<string, Counting>();
  #on = false;

  /** Whether it counts. */
  get isOn(): boolean {
    return this.#on;
  }

  /** Begins, with nothing counted. */
  begin(): void {
    this.#kernels = new Map();
    this.#primitives = new Map();
    this.#on = true;
  }

  /** Ends, and reports what was counted. */
  end(): TraceReport {
    this.#on = false;
    return {
      kernels: [...this.#kernels.values()],
      primitives: [...this.#primitives.values()],
    };
  }

  /** Runs a kernel in its first way, or else in its second. */
  kernel<Result>(
    name: string,
    own: () => Result | null,
    otherwise: () => Result,
  ): Result {
    if (!this.#on) return own() ?? otherwise();
    const begin = performance.now();
    const result = own();
    if (result !== null) {
      this.#count(this.#kernels, [name, "oneDNN"], begin);
      return result;
    }
    const other = otherwise();
    this.#count(this.#kernels, [name, "tfjs cpu"], begin);
    return other;
  }

  /** Runs a primitive. */
  primitive(
    { about, implementation, operations, bytes }: {
      about: string;
      implementation: string;
      operations: number;
      bytes: number;
    },
    run: () => void,
  ): void {
    if (!this.#on) return run();
    const begin = performance.now();
    run();
    const key = [about, implementation] as const;
    this.#count(this.#primitives, key, begin, { operations, bytes });
  }

  #count(
    rows: Map<string, Counting>,
    [name, by]: readonly [string, string],
    begin: number,
    { operations, bytes } = { operations: 0, bytes: 0 },
  ): void {
    const key = `${name}\n${by}`;
    const row = rows.get(key) ??
      { name, by, calls: 0, seconds: 0, operations: 0, bytes: 0 };
    row.calls++;
    row.seconds += (performance.now() - begin) / 1000;
    row.operations += operations;
    row.bytes += bytes;
    rows.set(key, row);
  }
}
