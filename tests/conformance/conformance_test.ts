/**
 * Runs every kernel that models and training need on every device there is.
 * A device that is absent is skipped with its reason; a new one joins by
 * being listed in `@unet/device`.
 *
 * The judge is tfjs' cpu backend without any kernel of ours; besides, it is
 * PyTorch (`fixtures/`), and plain loops for the fused kernels.
 */
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { assert, assertEquals } from "@std/assert";
import {
  type Device,
  type DeviceName,
  devices,
  openDevice,
  requiredKernels,
} from "@unet/device";
import { fusedKernels } from "@unet/device/fused-kernels";
import { DeviceError } from "@unet/errors";
import type { Case, TensorSpec } from "./case.ts";
import { cases, drawValues } from "./cases.ts";
import fixtures from "./fixtures/kernels.json" with { type: "json" };
import { fusedReferences } from "./fused_reference.ts";
import { references } from "./reference.ts";

const fused: readonly string[] = Object.values(fusedKernels);
const judge = "judge";
const fixtureCases = fixtures.map((fixture) => ({
  ...fixture,
  about: `${fixture.about} (PyTorch)`,
})) as unknown as readonly Case[];

interface Result {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: ArrayLike<number>;
}

/** Runs a case on a device. */
async function compute(device: string, test: Case): Promise<Result[]> {
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
async function expect(test: Case): Promise<Result[]> {
  if (test.outputs) {
    return test.outputs.map(({ shape, values = [], dtype = "float32" }) => ({
      shape,
      values,
      dtype,
    }));
  }
  const fusedReference = fusedReferences[test.kernel];
  if (fusedReference) {
    const inputs = Object.entries(test.inputs).map(([key, spec], i) =>
      [key, {
        shape: spec.shape,
        values: drawValues(spec, i + 1).map(Math.fround),
      }] as const
    );
    return fusedReference(Object.fromEntries(inputs), test.attrs as never)
      .map((output) => ({ ...output, dtype: "float32" }));
  }
  const reference = references[test.kernel];
  if (!reference) return await compute(judge, test);
  const { shape } = test.inputs.x ?? test.inputs.y!;
  const inputs = Object.entries(test.inputs).map(([key, spec], i) =>
    // Rounded, as the device gets them.
    [key, drawValues(spec, i + 1).map(Math.fround)] as const
  );
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

function compare(actual: Result[], expected: Result[], test: Case): void {
  const name = `${test.kernel} (${test.about})`;
  assertEquals(actual.length, expected.length, `${name}: number of outputs`);
  for (const [output, { shape, dtype, values }] of expected.entries()) {
    const result = actual[output]!;
    assertEquals(result.shape, shape, `${name}: shape of output ${output}`);
    assertEquals(result.dtype, dtype, `${name}: type of output ${output}`);
    const finite = Array.from(values).filter(Number.isFinite).map(Math.abs);
    const allowed = (test.tolerance ?? 1e-5) * Math.max(1e-3, ...finite);
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

async function tryDevice(name: DeviceName): Promise<Device | string> {
  try {
    return await openDevice(name);
  } catch (cause) {
    if (cause instanceof DeviceError) return cause.message;
    throw cause;
  }
}

tf.copyRegisteredKernels("cpu", judge);
tf.registerBackend(judge, () => new MathBackendCPU());
for (const name of devices) {
  const device = await tryDevice(name);
  if (typeof device === "string") {
    Deno.test({
      name: `${name} conforms, but is skipped: ${device}`,
      ignore: true,
      fn() {},
    });
    continue;
  }

  Deno.test(`${name} has every required kernel`, () => {
    assertEquals(device.missingKernels, []);
  });

  for (const kernel of [...requiredKernels, ...fused]) {
    if (fused.includes(kernel) && !tf.getKernel(kernel, name)) continue;
    const own = [...cases, ...fixtureCases]
      .filter((test) => test.kernel === kernel);
    if (own.length === 0) continue;
    Deno.test(`${name} computes ${kernel}`, async () => {
      for (const test of own) {
        const expected = await expect(test);
        compare(await compute(name, test), expected, test);
      }
    });
  }
}

Deno.test("cases have one for every required and every fused kernel", () => {
  const covered = new Set(cases.map(({ kernel }) => kernel));
  const missing = [...requiredKernels, ...fused].filter((kernel) =>
    !covered.has(kernel)
  );
  assertEquals(missing, []);
});
