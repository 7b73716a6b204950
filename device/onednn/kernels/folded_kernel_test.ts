import { assert, assertEquals } from "@std/assert";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { findOnednn } from "../find_library.ts";
import { Machine } from "../_machine.ts";
import { fusedConv2D } from "./conv2d.ts";
import { foldedKernel } from "./folded_kernel.ts";

const found = await findOnednn();
const machine = found &&
  new Machine(found.path, { precision: "float32", winograd: true });
const skipped = machine ? "" : ", but is skipped: no oneDNN";

Deno.test({
  name:
    `a folded kernel is computed when a convolution arranges it, and not kept${skipped}`,
  ignore: !machine,
  fn() {
    const { backend, pool } = machine!;
    const shape = [3, 3, 16, 32], size = 3 * 3 * 16 * 32;
    const values = Float32Array.from({ length: size }, (_, i) => Math.sin(i));
    const factors = Float32Array.from({ length: 32 }, (_, i) => 1 + i / 7);
    const product = values.map((value, i) => value * factors[i % 32]!);
    const bias = write([32], new Float32Array(32).fill(0.1));
    const [kernel, factor] = [write(shape, values), write([32], factors)];
    const folded = foldedKernel.run(machine!, {
      inputs: { kernel, factor },
      attrs: {},
    }) as TensorInfo;
    backend.disposeData(factor.dataId);
    const plain = write(shape, product);
    assertEquals(backend.readSync(folded.dataId), product);
    // Windows of Winograd's program, and a size that is convolved directly.
    for (const side of [16, 5, 16]) {
      const length = side * side * 16;
      const x = write(
        [1, side, side, 16],
        Float32Array.from({ length }, (_, i) => Math.cos(i)),
      );
      const lentBy = (filter: TensorInfo) => {
        const before = pool.use.lent;
        const y = convolve(x, filter, bias);
        const result = backend.readSync(y.dataId);
        backend.disposeData(y.dataId);
        return { result, lent: pool.use.lent - before };
      };
      // What features and bias take, too.
      backend.nativeOf(x), backend.nativeOf(bias), backend.nativeOf(plain);
      // And what Winograd's program keeps to compute in, once it is as large.
      const first = write(shape, product);
      for (const { dataId } of [convolve(x, first, bias), first]) {
        backend.disposeData(dataId);
      }
      const own = lentBy(folded), other = lentBy(plain);
      assertEquals(own.result, other.result);
      assertEquals(own.lent, other.lent);
      backend.disposeData(x.dataId);
    }
    [folded, kernel, plain, bias].forEach(({ dataId }) =>
      assert(backend.disposeData(dataId))
    );
    assertEquals(backend.numDataIds(), 0);
  },
});

function write(shape: number[], values: Float32Array): TensorInfo {
  const dataId = machine!.backend.write(values, shape, "float32");
  return { dataId, shape, dtype: "float32" };
}

function convolve(x: TensorInfo, filter: TensorInfo, bias: TensorInfo) {
  return fusedConv2D.run(machine!, {
    inputs: { x, filter, bias },
    attrs: {
      strides: 1,
      pad: "same",
      dilations: 1,
      activation: "relu",
      dataFormat: "NHWC",
      inference: true,
    },
  }) as TensorInfo;
}
