import { cannot } from "@unet/errors";
import type { Convolution } from "./convolution.ts";
import { layersOf, type Projection } from "./layers.ts";
import { completePlan, type ModelPlan } from "./plan.ts";
import { describeSizes, fitInputSize } from "./sizes.ts";

/** One line of a {@linkcode Summary}. */
export interface SummaryRow {
  /** The layer's name. */
  readonly name: string;
  /** What it is, as in "3×3 convolution". */
  readonly kind: string;
  /** Rows, columns and channels that come out. */
  readonly output: readonly [height: number, width: number, channels: number];
  /** Trained values in it. */
  readonly parameters: number;
  /** Floating point operations for one image, a multiply-add counted as two. */
  readonly flop: number;
}

/** What a network is made of. */
export interface Summary {
  /** The layers in order; batch norm and ReLU count with their convolution. */
  readonly rows: readonly SummaryRow[];
  /** 3×3 convolutions. */
  readonly convolutions: number;
  /** Trained values. */
  readonly parameters: number;
  /** Floating point operations of a forward pass for one image. */
  readonly flop: number;
}

/**
 * Lists the layers of a network without building it.
 *
 * @param plan What differs from the report's network.
 * @param size Height and width of the input.
 * @returns Output shapes, parameters and operations.
 * @throws {RangeError} If a setting or the size is out of range.
 *
 * @example
 * ```ts
 * import { summarize } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const { convolutions, parameters } = summarize();
 * assertEquals(convolutions, 27);
 * assertEquals((parameters / 1e6).toFixed(1), "55.0");
 * ```
 */
export function summarize(
  plan: Partial<ModelPlan> = {},
  size: { readonly height: number; readonly width: number } = {
    height: 256,
    width: 256,
  },
): Summary {
  const whole = completePlan(plan);
  const layers = layersOf(whole);
  let { height, width } = size;
  const isFit = (side: number): boolean =>
    Number.isSafeInteger(side) && fitInputSize(whole, side) === side;
  if (!isFit(height) || !isFit(width)) {
    throw new RangeError(
      cannot("summarize", "model at size", `${height} × ${width}`, {
        found: "a size that the network's poolings do not divide",
        expected: describeSizes(whole),
      }),
    );
  }
  // What an unpadded convolution takes off both sides.
  const lost = whole.padding === "valid" ? 2 : 0;
  const rows: SummaryRow[] = [];
  const addConvolution = ({ name, batchNorm, input, output }: Convolution) => {
    height -= lost;
    width -= lost;
    rows.push({
      name,
      kind: batchNorm ? "3×3 convolution, batch norm" : "3×3 convolution",
      output: [height, width, output],
      parameters: 9 * input * output + output + (batchNorm ? 2 * output : 0),
      flop: 2 * 9 * input * output * height * width,
    });
  };
  const addProjection = (
    { name, input, output }: Projection,
    kind: string,
    positions: number,
  ) =>
    rows.push({
      name,
      kind,
      output: [height, width, output],
      parameters: positions * input * output + output,
      flop: 2 * input * output * height * width,
    });
  for (const block of layers.encoder) {
    block.forEach(addConvolution);
    height /= 2;
    width /= 2;
  }
  layers.bottleneck.forEach(addConvolution);
  for (const step of layers.decoder) {
    height *= 2;
    width *= 2;
    addProjection(step.up, "2×2 up-convolution", 4);
    step.convolutions.forEach(addConvolution);
  }
  addProjection(layers.head, "1×1 convolution", 1);
  const total = (pick: (row: SummaryRow) => number): number =>
    rows.reduce((sum, row) => sum + pick(row), 0);
  return {
    rows,
    convolutions: rows.filter(({ kind }) => kind.startsWith("3×3")).length,
    parameters: total((row) => row.parameters),
    flop: total((row) => row.flop),
  };
}
