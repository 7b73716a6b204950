import type { Binding } from "./binding.ts";
import { attributes, bool, type } from "./_operation.ts";
import { convolutionAttributes } from "./kernels/_convolution.ts";
import { dataTypes } from "./placement.ts";

/**
 * Measures how many times faster a convolution is in bfloat16 than in float32,
 * casts included. Processors that cannot multiply bfloat16 take longer.
 */
export function measureBfloat16(tensorflow: Binding): number {
  const { float32, bfloat16 } = dataTypes;
  const times = [float32, bfloat16].map((dataType) => {
    const make = (shape: number[]) => {
      const size = shape.reduce((a, b) => a * b);
      const content = new Float32Array(size).fill(1);
      return tensorflow.createTensor(shape, float32, content);
    };
    const given = convolutionAttributes(dataType);
    const x = make([1, 64, 64, 64]), filter = make([3, 3, 64, 64]);
    let best = Infinity;
    // The first warms up, the best is the least disturbed.
    for (let run = 0; run < 6; run++) {
      const begin = performance.now();
      const made = [x, filter].map((id) =>
        cast(tensorflow, id, float32, dataType)
      );
      const [y] = tensorflow.executeOp("Conv2D", given, made, 1);
      const result = cast(tensorflow, y!.id, dataType, float32);
      tensorflow.tensorDataSync(result);
      best = Math.min(best, performance.now() - begin);
      for (const id of [...made, y!.id, result]) tensorflow.deleteTensor(id);
    }
    tensorflow.deleteTensor(x);
    tensorflow.deleteTensor(filter);
    return best;
  });
  return times[0]! / times[1]!;
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
