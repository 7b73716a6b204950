import type { Verdict } from "../batch/batch_file.ts";
import type { OtherFile } from "../batch/other_files.ts";
import type { Stamp } from "../batch/source.ts";
import type { OutputPaths } from "../formats/part_writers.ts";
import type { Band } from "../windows/band.ts";
import type { KeptBands } from "./bands_of_file.ts";
import type { Source } from "./open_source.ts";
import type { Counts } from "./output_files.ts";
import type { Drawing } from "./redraw.ts";

/** An image that is open, and what is to be written of it. */
export interface Read {
  readonly source: Source;
  readonly stamp: Stamp;
  readonly hash: string;
  /** The files beside it that it is read from too, so far. */
  others: readonly OtherFile[];
  /** The outputs to write, by what they are. */
  readonly paths: OutputPaths;
  /** What the manifest knows of it, and which outputs stay. */
  readonly verdict: Missing;
  /** What they are drawn from, where the network need not see the image. */
  readonly drawing: Drawing | undefined;
}

type Missing = Extract<Verdict, { done: false }>;

/** What became of it so far: written, or still to be. */
type Worked =
  | { readonly counts: Counts }
  | { readonly bands: readonly Band[] }
  | {
    readonly drawing: Drawing;
  };

/** What is left to be done of it. */
export type Output = Read & Worked & {
  readonly kept: KeptBands | undefined;
  readonly seconds: number;
};

/**
 * Segments an image, or a plane of a stack: so many are before it, of so many
 * in all.
 */
export type BandsOf = (
  source: Source,
  kept: KeptBands | undefined,
  before: number,
  planes: number,
) => AsyncIterable<Band>;

/** Names what rows of the network's are made of. */
export function nameOfWork(
  { hash, others, source: { scaled } }: Read,
  setup: string,
): string {
  const hashes = [hash, ...others.map((file) => file.hash)];
  return [...hashes, setup, ...(scaled ? [scaled.scale] : [])].join(" ");
}
