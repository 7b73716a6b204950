import * as tf from "@tensorflow/tfjs-core";
import { fusedKernels } from "@unet/device/fused-kernels";
import { hasKernel } from "@unet/device/run-kernel";
import { cannot, DeviceError } from "@unet/errors";

/**
 * How large features get, by the name of the layer that gives them: what eight
 * bits have to span. Of an up-convolution, that of the concatenation with the
 * skip connection.
 */
export type FeatureLimits = ReadonlyMap<string, number>;

/** Called with each layer's features, by name; they are the network's. */
export type FeatureObserver = (name: string, features: tf.Tensor4D) => void;

/** Of so many numbers one may be cut off. */
const rareness = 10_000;

/**
 * Measures how large a network's features get on some images.
 *
 * @returns The observer for forward passes, and the limits so far: of each
 * layer the largest of the passes' 99.99th percentiles of size.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { createModel, measureFeatures } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { assert } from "@std/assert";
 *
 * const model = createModel({ width: 0.05 }, createRandom(0));
 * const { observe, limits } = measureFeatures();
 * const x = tf.ones<tf.Rank.R4>([1, 32, 32, 3]);
 * const logits = model.forward(x, { training: false, observe });
 * assert(limits.get("encoder.features.0")! > 0);
 * tf.dispose([x, logits]);
 * model.dispose();
 * ```
 */
export function measureFeatures(): {
  observe: FeatureObserver;
  limits: FeatureLimits;
} {
  const limits = new Map<string, number>();
  return {
    limits,
    observe(name, features) {
      const found = percentile(features.dataSync());
      limits.set(name, Math.max(limits.get(name) ?? 0, found));
    },
  };
}

/** The size that one in ten thousand numbers passes, to a two-thousandth. */
function percentile(values: ArrayLike<number>): number {
  const bins = 2048, counts = new Uint32Array(bins);
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    largest = Math.max(largest, Math.abs(values[i]!));
  }
  if (largest === 0) return 0;
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor(Math.abs(values[i]!) / largest * bins);
    counts[Math.min(bin, bins - 1)]!++;
  }
  let above = 0;
  for (let bin = bins - 1; bin > 0; bin--) {
    above += counts[bin]!;
    if (above > values.length / rareness) return (bin + 1) / bins * largest;
  }
  return largest;
}

/** Throws unless the current device computes on eight bits. */
export function requireInt8(): void {
  if (hasKernel(fusedKernels.int8Convolution)) return;
  throw new DeviceError(
    cannot("compute", "in precision", "int8", {
      found: `device ${tf.getBackend()}, which lacks it`,
      expected: "onednn",
    }),
  );
}
