import type { BackendValues, DataType } from "@tensorflow/tfjs-core";
import type { Layout } from "./_layouts.ts";
import type { Block } from "./_memory_pool.ts";

/** A tensor's numbers in native memory. */
export interface Native {
  /** Where they lie. */
  readonly block: Block;
  /** How they lie; null: in tfjs' order, as float32. */
  readonly layout: Layout | null;
}

/** A tensor of features, some channels of another one. */
export interface Part {
  /** N, H, W and how many channels. */
  readonly shape: readonly number[];
  /** Where its numbers lie. */
  readonly native: Native;
}

/** A tensor that is joined of others when somebody needs it in one piece. */
export interface Joint {
  readonly parts: readonly Part[];
  /** Copies the parts to a block. */
  readonly join: () => Native;
}

/** What a gradient needs and tfjs has no place for; goes with its tensor. */
export interface Companion {
  /** Says what it is good for. */
  readonly key: string;
  /** Where it lies. */
  readonly block: Block;
}

/** What the backend knows of a tensor's data. */
export interface Entry {
  readonly dtype: DataType;
  readonly size: number;
  /** The numbers in JavaScript's memory, if they are there. */
  values: BackendValues | null;
  /** The numbers in native memory, if they are there. */
  native: Native | null;
  /** Computes the numbers, of a tensor that keeps them only while it must. */
  readonly compute: ((to: Float32Array) => void) | null;
  /** The parts that it is joined of, until it is. */
  joint: Joint | null;
  /** Copies in other layouts, and what else was made of the numbers. */
  readonly copies: Map<object, Block>;
  companion: Companion | null;
  references: number;
}
