import type { Features } from "./winograd_geometry.ts";
import type { Programs } from "./programs.ts";
import {
  upParameters,
  upPixels,
  upProgram,
  type UpVariant,
} from "./up_program.ts";

/** What an up-convolution starts from, and where it goes. */
export interface UpTensors {
  /** Features from below `[N, H, W, in]`. */
  readonly source: Features;
  /** The other feature map `[N, 2H, 2W, S]`, where it is to be copied. */
  readonly skip?: Features;
  /** The concatenation `[N, 2H, 2W, out + S]`, or without it `out` alone. */
  readonly target: Features;
  /** Kernels in the order of {@linkcode upOrder}. */
  readonly kernel: bigint;
  /** The bias `[out]`. */
  readonly bias: bigint;
}

const f32 = 4;

/** Whether there is a program for an up-convolution to so many channels. */
export function suitsUpConvolution(
  [, , width, inputs]: Features["shape"],
  { outputs, skip }: { readonly outputs: number; readonly skip: number },
): boolean {
  return width >= upPixels && inputs % 8 === 0 && outputs % 8 === 0 &&
    skip % 8 === 0;
}

/** Sizes of a kernel `[2, 2, out, in]`, and steps in tfjs' order and ours. */
export function upOrder(
  inputs: number,
  outputs: number,
  lanes: 8 | 16,
): Record<"sizes" | "tfjs" | "ours", number[]> {
  const blocks = outputs / lanes, pair = 2 * lanes;
  return {
    // Row, column, block of outputs, output of the block, input.
    sizes: [2, 2, blocks, lanes, inputs],
    tfjs: [2 * outputs * inputs, outputs * inputs, lanes * inputs, inputs, 1],
    ours: [blocks * inputs * pair, lanes, inputs * pair, 1, pair],
  };
}

/** Output channels of a block: what the concatenation's layout allows. */
export function upLanes({ blocked }: Pick<Features, "blocked">): 8 | 16 {
  return blocked ? 16 : 8;
}

/** Up-convolutions with concatenation in machine code. */
export class UpConvolution {
  readonly #programs: Programs;

  constructor(programs: Programs) {
    this.#programs = programs;
  }

  /** Computes the concatenation. */
  run(tensors: UpTensors): void {
    const { source, target, skip } = tensors;
    const [n, height, width, inputs] = source.shape;
    const others = skip?.shape[3] ?? 0, outputs = target.shape[3] - others;
    const variant: UpVariant = {
      lanes: upLanes(target),
      step: source.blocked ? 16 : 8,
      chunk: !skip ? 0 : skip.blocked ? 16 : 8,
    };
    const { lanes, step, chunk } = variant;
    const from = stridesOf(source), to = stridesOf(target);
    const other = stridesOf(skip ?? target);
    const given = upParameters.pack(n * height, {
      ...{ height, width },
      source: source.address,
      sourceColumn: from.column,
      sourceRow: from.row,
      sourceImage: from.image,
      sourceStep: source.blocked ? from.block : step * f32,
      steps: inputs / step,
      target: target.address,
      targetColumn: to.column,
      targetRow: to.row,
      targetImage: to.image,
      targetBlock: target.blocked ? to.block : lanes * f32,
      blocks: outputs / lanes,
      skip: skip?.address ?? 0,
      skipColumn: other.column,
      skipRow: other.row,
      skipImage: other.image,
      skipBlock: skip?.blocked ? other.block : chunk * f32,
      skipBlocks: skip ? others / chunk : 0,
      skipTarget: target.blocked ? outputs / 16 * to.block : outputs * f32,
      skipTargetBlock: target.blocked ? to.block : chunk * f32,
      kernel: tensors.kernel,
      bias: tensors.bias,
    });
    const pixels = n * height * width, channels = target.shape[3];
    this.#programs.trace.primitive(
      {
        about: `up-convolution [${source.shape}] · [2,2,${outputs},${inputs}]`,
        implementation: `machine code:${lanes} lanes`,
        operations: 8 * pixels * inputs * outputs,
        bytes: f32 * pixels * (inputs + 4 * (channels + others)),
      },
      () =>
        this.#programs.run(
          `up ${lanes} ${step} ${chunk}`,
          () => upProgram(variant),
          given,
        ),
    );
  }
}

/** Bytes from one pixel, row, image, and block of 16 channels to the next. */
function stridesOf({ shape: [, height, width, channels], blocked }: Features) {
  const column = (blocked ? 16 : channels) * f32;
  return {
    column,
    row: width * column,
    image: height * width * channels * f32,
    block: height * width * 16 * f32,
  };
}
