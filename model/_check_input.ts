import type * as tf from "@tensorflow/tfjs-core";
import { cannot } from "@unet/errors";
import { describeRule, fitTo, type SizeRule } from "./graph/size_rule.ts";

/** Throws unless a network takes this input; says what to pad to. */
export function checkInput(
  x: tf.Tensor4D,
  rule: SizeRule,
  channels: number,
): void {
  const [count, height, width] = x.shape;
  if (x.rank !== 4 || x.shape[3] !== channels) {
    throw new TypeError(
      cannot("run", "model on input", `[${x.shape}]`, {
        found: `shape [${x.shape}]`,
        expected: `[N, H, W, ${channels}]`,
      }),
    );
  }
  if (count === 0) {
    throw new RangeError(
      cannot("run", "model on input", `[${x.shape}]`, {
        found: "no image",
        expected: "at least one",
      }),
    );
  }
  const fit = [height, width].map((size) => fitTo(rule, size));
  if (fit[0] !== height || fit[1] !== width) {
    throw new RangeError(
      cannot("run", "model on input", `[${x.shape}]`, {
        found: `height ${height} and width ${width}`,
        expected: describeRule(rule),
        remedy: `pad to ${fit[0]} × ${fit[1]}`,
      }),
    );
  }
}
