import type { Binding } from "./binding.ts";
import { attributes, bool, type } from "./_operation.ts";
import { convolutionAttributes } from "./kernels/_convolution.ts";
import { dataTypes } from "./placement.ts";

/**
 * Measures how many times faster a convolution is in bfloat16 than in float32,
 * casts included. Processors that cannot multiply bfloat16 take longer. It is
 * as large as those of training are, since a small one takes as long to start
 * as to compute.
 */
export function measureBfloat16(tensorflow: Binding): number {
  const { float32, bfloat16 } = dataTypes;
  const make = (shape: number[]) => {
    const size = shape.reduce((a, b) => a * b);
    const content = new Float32Array(size).fill(1);
    return tensorflow.createTensor(shape, float32, content);
  };
  const x = make([4, 64, 64, 128]), filter = make([3, 3, 128, 128]);
  const best = new Map([[float32, Infinity], [bfloat16, Infinity]]);
  // In turns, so that what disturbs one disturbs the other; the first two warm
  // up, the best are the least disturbed.
  for (let round = 0; round < 6; round++) {
    for (const [dataType, before] of best) {
      const begin = performance.now();
      const made = [x, filter].map((id) =>
        cast(tensorflow, id, float32, dataType)
      );
      const given = convolutionAttributes(dataType);
      const [y] = tensorflow.executeOp("Conv2D", given, made, 1);
      const result = cast(tensorflow, y!.id, dataType, float32);
      tensorflow.tensorDataSync(result);
      best.set(dataType, Math.min(before, performance.now() - begin));
      for (const id of [...made, y!.id, result]) tensorflow.deleteTensor(id);
    }
  }
  tensorflow.deleteTensor(x);
  tensorflow.deleteTensor(filter);
  return best.get(float32)! / best.get(bfloat16)!;
}

function cast(
  tensorflow: Binding,
  id: number,
  from: number,
  to: number,
): number {
  const given = attributes({
    SrcT: type(from),
    DstT: type(to),
    Truncate: bool(false),
  });
  return tensorflow.executeOp("Cast", given, [id], 1)[0]!.id;
}
