import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { assert, assertEquals } from "@std/assert";
import type { Case, TensorSpec } from "./case.ts";
import { drawValues } from "./cases.ts";
import { fusedReferences } from "./fused_reference.ts";
import { references } from "./reference.ts";

/** tfjs' cpu backend without any kernel of ours, under a name of its own. */
export const judge = "judge";

/** Makes the judge ready; before any device is opened. */
export function callJudge(): void {
  tf.copyRegisteredKernels("cpu", judge);
  tf.registerBackend(judge, () => new MathBackendCPU());
}

/** A tensor that came out. */
export interface Result {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: ArrayLike<number>;
}

/** Runs a case on a device, and looks for tensors that are left over. */
export async function compute(device: string, test: Case): Promise<Result[]> {
  await tf.setBackend(device);
  const before = tf.memory().numTensors;
  const inputs = Object.entries(test.inputs).map(([key, spec], i) =>
    [key, makeTensor(spec, i)] as const
  );
  const listed = inputs.length > 0 &&
    inputs.every(([key], i) => key === `${i}`);
  const outputs = [
    tf.engine().runKernel(
      test.kernel,
      (listed
        ? inputs.map(([, tensor]) => tensor)
        : Object.fromEntries(inputs)) as tf.NamedTensorMap,
      test.attrs as unknown as tf.NamedAttrMap,
    ),
  ].flat() as tf.Tensor[];
  const results = await Promise.all(outputs.map(async (tensor) => ({
    shape: tensor.shape,
    dtype: tensor.dtype,
    values: await tensor.data(),
  })));
  tf.dispose([...outputs, ...inputs.map(([, tensor]) => tensor)]);
  assertEquals(tf.memory().numTensors, before, "tensors are left over");
  return results;
}

function makeTensor(spec: TensorSpec, index: number): tf.Tensor {
  const values = drawValues(spec, index + 1);
  const dtype = spec.dtype ?? "float32";
  return tf.tensor(
    dtype === "bool" ? values.map(Boolean) : values,
    [...spec.shape],
    dtype,
  );
}

/** What the case must give. */
export async function expect(test: Case): Promise<Result[]> {
  if (test.outputs) {
    return test.outputs.map(({ shape, values = [], dtype = "float32" }) => ({
      shape,
      values,
      dtype,
    }));
  }
  const plain = Object.entries(test.inputs).map(([key, spec], i) => {
    // Rounded, as the device gets them.
    const values = drawValues(spec, i + 1).map(Math.fround);
    return [key, { shape: spec.shape, values }] as const;
  });
  const fusedReference = fusedReferences[test.kernel];
  if (fusedReference) {
    const outputs = fusedReference(
      Object.fromEntries(plain),
      test.attrs as never,
    );
    return outputs.map((output) => ({ ...output, dtype: "float32" }));
  }
  const reference = references[test.kernel];
  if (!reference) return await compute(judge, test);
  const { shape } = test.inputs.x ?? test.inputs.y!;
  const inputs = plain.map(([key, { values }]) => [key, values] as const);
  const outputs = reference(
    Object.fromEntries(inputs),
    test.attrs as unknown as Parameters<typeof reference>[1],
  );
  return outputs.map((values, i) => ({
    shape: i === 0 ? shape : [values.length],
    dtype: "float32",
    values,
  }));
}

/** Compares what came out with what must, within a tolerance. */
export function compare(
  actual: Result[],
  expected: Result[],
  test: Case,
  tolerance: number = test.tolerance ?? 1e-5,
): void {
  const name = `${test.kernel} (${test.about})`;
  assertEquals(actual.length, expected.length, `${name}: number of outputs`);
  for (const [output, { shape, dtype, values }] of expected.entries()) {
    const result = actual[output]!;
    assertEquals(result.shape, shape, `${name}: shape of output ${output}`);
    assertEquals(result.dtype, dtype, `${name}: type of output ${output}`);
    const finite = Array.from(values).filter(Number.isFinite).map(Math.abs);
    const largest = finite.reduce((a, b) => Math.max(a, b), 1e-3);
    const allowed = tolerance * largest;
    for (let i = 0; i < values.length; i++) {
      const got = result.values[i]!, wanted = values[i]!;
      const close = Object.is(got, wanted) || got === wanted ||
        Math.abs(got - wanted) <= allowed;
      assert(
        close,
        `${name}: output ${output}[${i}] is ${got}, expected ${wanted} ± ${allowed}`,
      );
    }
  }
}
