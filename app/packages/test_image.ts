import {
  fitSteps,
  interleaved,
  preprocessingOf,
  type Tensor,
  tensorOf,
} from "@unet/bioimageio";
import { type Image, intensityRange, openImage, toRgb8 } from "@unet/data";
import { cannot, FileError } from "@unet/errors";
import { fitInputSize, type ModelPlan, sizeRule } from "@unet/model";

/** The middle of an image, and what a network sees of it. */
export interface TestImage {
  /** The image. */
  readonly image: Image;
  /** Its values as the file has them. */
  readonly input: Tensor;
  /** `[height, width, channels]` in 0…1, as `Predict` takes it. */
  readonly seen: Float32Array;
}

/** The longest side of a test input; packages are to be small. */
const longestSide = 256;

/** A shorter side is one that the package does not take. */
const shortestSide = 96;

/**
 * Cuts the middle of an image to a size that a network takes, and computes what
 * the network sees of it by a package's steps.
 *
 * @param path The image.
 * @param plan The network.
 * @param choice Which part of the file is read.
 * @throws {FileError} If it cannot be read, is too small, or has other
 * channels.
 */
export async function readTestImage(
  path: string,
  plan: ModelPlan,
  choice: Parameters<typeof openImage>[1],
): Promise<TestImage> {
  const bad = (found: string, expected: string): FileError =>
    new FileError(cannot("use", "test image", path, { found, expected }));
  await using reader = await openImage(path, choice);
  const width = fittingBelow(plan, reader.width);
  const height = fittingBelow(plan, reader.height);
  const least = fitInputSize(plan, shortestSide);
  if (width < least || height < least) {
    throw bad(
      `${reader.width}×${reader.height} pixels`,
      `at least ${least}×${least}`,
    );
  }
  const image = await reader.read(
    Math.floor((reader.width - width) / 2),
    Math.floor((reader.height - height) / 2),
    width,
    height,
  );
  const { channels } = plan.task.input;
  const input = tensorOf(image, channels.length);
  if (input === undefined) {
    throw bad(
      `${image.channels} channels`,
      channels.map(({ name }) => name).join(", "),
    );
  }
  if (!input.data.every((value) => Number.isFinite(value) && value >= 0)) {
    throw bad("values below 0 or not finite", "values from 0 on");
  }
  return { image, input, seen: seenOf(image, { input, plan, bad }) };
}

function seenOf(
  image: Image,
  { input, plan, bad }: {
    readonly input: Tensor;
    readonly plan: ModelPlan;
    readonly bad: (found: string, expected: string) => FileError;
  },
): Float32Array {
  const { steps, isInGraph } = preprocessingOf(plan.task.input);
  if (!isInGraph) {
    const { result } = fitSteps(steps, input);
    const white = plan.task.input.normalization === "percentiles" ? 1 : 255;
    return interleaved(result).map((value) => value / white);
  }
  // The graph knows the depth by the values alone.
  if (image.depth !== 8 && !input.data.some((value) => value > 255)) {
    throw bad(
      `${image.depth} bits, but no value above 255`,
      "an image of 8 bits, or one that uses more",
    );
  }
  const { data } = toRgb8(image, intensityRange(image));
  return Float32Array.from(data, (value) => value / 255);
}

/** The largest side up to a size, and to the longest, that a network takes. */
function fittingBelow(plan: ModelPlan, size: number): number {
  const { multiple, extra } = sizeRule(plan);
  const most = Math.min(longestSide, size);
  return Math.floor((most - extra) / multiple) * multiple + extra;
}
