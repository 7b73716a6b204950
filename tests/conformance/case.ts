/** What describes a tensor of a case. */
export interface TensorSpec {
  /** Its shape. */
  readonly shape: readonly number[];
  /** Its values; drawn if they are not given. */
  readonly values?: readonly number[];
  /** The range to draw from; default: −1…1. */
  readonly range?: readonly [number, number];
  /** Whether to draw whole numbers of the range, its end left out. */
  readonly whole?: boolean;
  /** Its type; default: float32. */
  readonly dtype?: "float32" | "int32" | "bool";
  /** What to put among the values. */
  readonly strange?: readonly number[];
}

/** A kernel, and what to run it on. */
export interface Case {
  /** The kernel's name. */
  readonly kernel: string;
  /** What is special. */
  readonly about: string;
  /** Its inputs by name; a list of nameless ones has "0", "1", … */
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  /** Its attributes. */
  readonly attrs: Readonly<Record<string, unknown>>;
  /**
   * The largest difference allowed, relative to the largest number expected;
   * default: 1e-5, some hundred roundings.
   */
  readonly tolerance?: number;
  /** Known results, where others than tfjs' cpu backend computed them. */
  readonly outputs?: readonly TensorSpec[];
}

/** A case, said shortly. */
export function of(
  kernel: string,
  about: string,
  inputs: Record<string, TensorSpec>,
  attrs: Record<string, unknown> = {},
  more: Partial<Case> = {},
): Case {
  return { kernel, about, inputs, attrs, ...more };
}
