import * as tf from "@tensorflow/tfjs-core";

/**
 * The channels of a tensor, `[N, H, W, 1]` each. What classes need over
 * channels is then done on tensors of one shape, which every device computes
 * many times sooner than `[N, H, W, C]` with `[N, H, W, 1]`.
 */
export function planesOf(x: tf.Tensor4D): tf.Tensor4D[] {
  const channels = x.shape[3];
  if (channels === 1) return [x];
  return Array.from(
    { length: channels },
    (_, at) => tf.slice(x, [0, 0, 0, at], [-1, -1, -1, 1]),
  );
}

/** The sum of planes. */
export function addPlanes(planes: readonly tf.Tensor4D[]): tf.Tensor4D {
  return planes.reduce((sum, plane) => tf.add(sum, plane));
}

/** The share of each class, and its logarithm, exact for large logits. */
export function softmaxPlanes(
  logits: tf.Tensor4D,
): { shares: tf.Tensor4D[]; logarithms: tf.Tensor4D[] } {
  const planes = planesOf(logits), shares = planesOf(tf.softmax(logits));
  const largest = (of: tf.Tensor4D[]): tf.Tensor4D =>
    of.reduce((most, plane) => tf.maximum(most, plane));
  // The largest share is 1 over the sum of exponentials: 1/C or more.
  const most = largest(planes), offset = tf.log(largest(shares));
  const logarithms = planes.map((plane) =>
    tf.add<tf.Tensor4D>(tf.sub(plane, most), offset)
  );
  return { shares, logarithms };
}
