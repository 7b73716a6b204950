import { engine, getBackend, getKernel, tensor } from "@tensorflow/tfjs-core";
import type {
  NamedAttrMap,
  NamedTensorMap,
  Tensor,
} from "@tensorflow/tfjs-core";
import { fusedKernels } from "./fused_kernels.ts";

const rows = 48, channels = 4;
const attributes = { epsilon: 1e-3, relu: true };
const tolerance = 1e-4;

/**
 * Computes batch norm with ReLU and its gradients by the fused kernels of
 * tfjs' current backend, if it has them, and compares with plain loops.
 *
 * @returns What is wrong with the numbers, or null.
 */
export async function checkBatchNorm(): Promise<string | null> {
  const { batchNormTrain, batchNormTrainGrad } = fusedKernels;
  const backend = getBackend();
  if (!getKernel(batchNormTrain, backend)) return null;
  const draw = (count: number, phase: number) =>
    Float32Array.from({ length: count }, (_, i) => Math.sin(phase + 5 * i));
  const x = draw(rows * channels, 1), dy = draw(rows * channels, 2);
  const scale = draw(channels, 3), offset = draw(channels, 4);
  const expected = normalizeInLoops(x, dy, scale, offset);
  const shape = [1, 6, 8, channels];
  const inputs = {
    x: tensor(x, shape),
    scale: tensor(scale),
    offset: tensor(offset),
  };
  const forward = run(batchNormTrain, inputs);
  const [y, mean, variance] = forward as [Tensor, Tensor, Tensor];
  const grown = { dy: tensor(dy, shape), x: inputs.x, y, scale: inputs.scale };
  const backward = getKernel(batchNormTrainGrad, backend)
    ? run(batchNormTrainGrad, { ...grown, mean, variance })
    : [];
  const made = [...forward, ...backward, grown.dy, ...Object.values(inputs)];
  try {
    for (const [i, output] of [...forward, ...backward].entries()) {
      const values = await output.data() as Float32Array;
      const wanted = expected[i]!;
      const scale = Math.max(...wanted.map(Math.abs));
      for (const [at, value] of wanted.entries()) {
        // Not ">", so that a NaN is found.
        if (!(Math.abs(values[at]! - value) <= tolerance * scale)) {
          return "a batch norm in training whose numbers are wrong";
        }
      }
    }
    return null;
  } finally {
    for (const each of made) each.dispose();
  }
}

function run(name: string, inputs: Record<string, Tensor>): Tensor[] {
  return engine().runKernel(
    name,
    inputs as NamedTensorMap,
    attributes as unknown as NamedAttrMap,
  ) as Tensor[];
}

/** y, mean, variance, dx, dscale, doffset. */
function normalizeInLoops(
  x: Float32Array,
  dy: Float32Array,
  scale: Float32Array,
  offset: Float32Array,
): number[][] {
  const y: number[] = [], dx: number[] = [];
  const statistics: number[][] = [[], [], [], []];
  for (let c = 0; c < channels; c++) {
    const column = (values: Float32Array) =>
      Array.from({ length: rows }, (_, row) => values[row * channels + c]!);
    const average = (values: number[]) =>
      values.reduce((sum, value) => sum + value, 0) / rows;
    const own = column(x);
    const mean = average(own);
    const variance = average(own.map((value) => (value - mean) ** 2));
    const deviation = Math.sqrt(variance + attributes.epsilon);
    const normal = own.map((value) => (value - mean) / deviation);
    const sums = normal.map((value) => value * scale[c]! + offset[c]!);
    const cut = column(dy).map((value, row) => sums[row]! > 0 ? value : 0);
    const product = average(cut.map((value, row) => value * normal[row]!));
    const share = average(cut);
    for (let row = 0; row < rows; row++) {
      y[row * channels + c] = Math.max(0, sums[row]!);
      dx[row * channels + c] = scale[c]! / deviation *
        (cut[row]! - share - normal[row]! * product);
    }
    [mean, variance, product * rows, share * rows].forEach((value, i) =>
      statistics[i]!.push(value)
    );
  }
  const [mean, variance, dscale, doffset] = statistics as [
    number[],
    number[],
    number[],
    number[],
  ];
  return [y, mean, variance, dx, dscale, doffset];
}
