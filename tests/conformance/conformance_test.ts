/**
 * Runs every kernel that models and training need on every device there is.
 * A device that is absent is skipped with its reason; a new one joins by
 * being listed in `@unet/device`.
 *
 * The judge is tfjs' cpu backend without any kernel of ours; besides, it is
 * PyTorch (`fixtures/`), and plain loops for the fused kernels. With mixed
 * precision, what convolutions give is compared to two digits.
 */
import * as tf from "@tensorflow/tfjs-core";
import { assertEquals } from "@std/assert";
import {
  type Device,
  type DeviceName,
  devices,
  openDevice,
  requiredKernels,
} from "@unet/device";
import { fusedKernels } from "@unet/device/fused-kernels";
import { DeviceError } from "@unet/errors";
import type { Case } from "./case.ts";
import { cases } from "./cases.ts";
import fixtures from "./fixtures/kernels.json" with { type: "json" };
import { callJudge, compare, compute, expect } from "./run_case.ts";
import { tryDevice } from "../try_device.ts";

/**
 * Kernels whose features no other kernel reads, so that none has a case of its
 * own: network_test.ts computes with all of them, and int8_planes_test.ts beside
 * them compares them with plain loops.
 */
const chained: readonly string[] = [
  fusedKernels.planesConvolution,
  fusedKernels.planesPool,
  fusedKernels.planesUp,
  fusedKernels.planesHead,
];
const fused: readonly string[] = Object.values(fusedKernels)
  .filter((kernel) => !chained.includes(kernel));
const fixtureCases = fixtures.map((fixture) => ({
  ...fixture,
  about: `${fixture.about} (PyTorch)`,
})) as unknown as readonly Case[];

callJudge();

const opened = new Map<DeviceName, Device>();
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
  opened.set(name, device);

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

/** The kernels around convolutions, which mixed precision changes. */
const inMixed = [
  ...["Conv2D", "FusedConv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter"],
  ...[fusedKernels.convolutionGrad, fusedKernels.upConcat],
  fusedKernels.upConcatGrad,
];

/**
 * bfloat16 has eight binary digits: 0.4 % a number, and more where numbers of
 * both signs nearly cancel.
 */
const mixedTolerance = 3e-2;

for (const name of devices) {
  Deno.test(`${name} computes convolutions in mixed precision, if it has it`, async (t) => {
    const device = await openMixed(name);
    if (typeof device === "string") {
      await t.step({ name: `skipped: ${device}`, ignore: true, fn() {} });
      return;
    }
    for (const kernel of inMixed) {
      await t.step(kernel, async () => {
        for (const test of cases.filter((test) => test.kernel === kernel)) {
          const expected = await expect(test);
          compare(await compute(name, test), expected, test, mixedTolerance);
        }
      });
    }
    await device.close();
  });
}

async function openMixed(name: DeviceName) {
  // The tests above are done with the device in its usual precision.
  await opened.get(name)?.close();
  opened.delete(name);
  try {
    return await openDevice(name, { precision: "mixed" });
  } catch (cause) {
    if (cause instanceof DeviceError) return cause.message;
    throw cause;
  }
}

Deno.test("cases have one for every required and every fused kernel", () => {
  const covered = new Set(cases.map(({ kernel }) => kernel));
  const missing = [...requiredKernels, ...fused].filter((kernel) =>
    !covered.has(kernel)
  );
  assertEquals(missing, []);
});
