import type { Values } from "./arguments.ts";
import { stripWindows } from "./strips.ts";

/** Features `[N, H, W, C]` in memory. */
export interface Features {
  /** Where they lie. */
  readonly address: bigint;
  /** N, H, W and C. */
  readonly shape: readonly [number, number, number, number];
  /** Whether channels lie in blocks of 16, else as in tfjs. */
  readonly blocked: boolean;
}

/**
 * Features that are read: of one tensor, or of two whose channels follow one
 * another. Two have whole vectors each: of {@linkcode areJoinable} sizes.
 */
export type Sources = readonly [Features] | readonly [Features, Features];

const f32 = 4;

/** Windows of 4×4 pixels. */
export function windowsOf([n, height, width]: Features["shape"]): number {
  return n * (height / 4) * (width / 4);
}

/** Numbers a vector: what both sides' blocks of channels fill. */
export function lanesOf(
  { inputs, outputs }: { readonly inputs: number; readonly outputs: number },
): 8 | 16 {
  return inputs % 16 === 0 && outputs % 16 === 0 ? 16 : 8;
}

/** Channels of all sources. */
export function channelsOf([first, second]: Sources): number {
  return first.shape[3] + (second?.shape[3] ?? 0);
}

/**
 * Windows of a strip when an image has so many side by side: as few as make no
 * more strips than the most would, since a strip takes as long as its most
 * windows. Even, so that there are few programs.
 */
export function stripWidth(windowColumns: number): number {
  const rows = Math.max(1, Math.floor(stripWindows / windowColumns));
  const strips = Math.ceil(windowColumns / stripWindows);
  return 2 * Math.ceil(rows * windowColumns / strips / 2);
}

/**
 * How the image is cut, and how sources and target lie.
 *
 * @param most Windows of a strip.
 */
export function geometryOf(
  sources: Sources,
  target: Features,
  { lanes, most }: { readonly lanes: 8 | 16; readonly most: number },
) {
  const [source, other = source] = sources;
  const [n, height, width] = target.shape;
  const windowRows = height / 4, windowColumns = width / 4;
  const strips = Math.ceil(windowColumns / most);
  const rowsPerStrip = Math.max(1, Math.floor(most / windowColumns));
  const allRows = n * windowRows;
  const from = stridesOf(source, lanes), to = stridesOf(target, lanes);
  const second = stridesOf(other, lanes);
  return {
    ...{ height, width, windowRows, windowColumns, allRows },
    ...{ strips, rowsPerStrip },
    allStrips: strips * Math.ceil(allRows / rowsPerStrip),
    source: source.address,
    sourceColumn: from.column,
    sourceRow: from.row,
    sourceImage: from.image,
    sourcePair: from.pair,
    sourceOdd: from.odd,
    sourceBlocks: channelsOf(sources) / lanes,
    firstBlocks: source.shape[3] / lanes,
    second: other.address,
    secondColumn: second.column,
    secondRow: second.row,
    secondImage: second.image,
    secondPair: second.pair,
    secondOdd: second.odd,
    target: target.address,
    targetColumn: to.column,
    targetRow: to.row,
    targetImage: to.image,
    targetPair: to.pair,
    targetOdd: to.odd,
    targetBlocks: target.shape[3] / lanes,
  } as const satisfies Values;
}

/** Bytes from one pixel, row, image and block of channels to the next. */
function stridesOf(
  { shape: [, height, width, channels], blocked }: Features,
  lanes: 8 | 16,
) {
  const vector = lanes * f32;
  const column = (blocked ? 16 : channels) * f32;
  const block = height * width * 16 * f32;
  return {
    column,
    row: width * column,
    image: height * width * channels * f32,
    odd: blocked && lanes === 16 ? block : vector,
    pair: !blocked ? 2 * vector : lanes === 16 ? 2 * block : block,
  };
}

/**
 * Whether a convolution may read two tensors of so many channels, whatever it
 * gives: where all together fill blocks of 16, each has to.
 */
export function areJoinable(first: number, second: number): boolean {
  return first % 8 === 0 && second % 8 === 0 &&
    ((first + second) % 16 !== 0 || first % 16 === 0);
}
