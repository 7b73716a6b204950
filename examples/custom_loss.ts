/**
 * Trains with a loss function of your own: the Tversky loss, for which a missed
 * pixel counts more than a false one (Salehi et al., 2017,
 * doi:10.1007/978-3-319-67389-9_44).
 *
 *     deno run -P=local examples/custom_loss.ts 5
 */
import * as tf from "@tensorflow/tfjs-core";
import {
  adam,
  cacheSamples,
  constant,
  createLoader,
  createModel,
  createRandom,
  openDevice,
  synthesize,
  Trainer,
} from "@unet/unet";
import type { Loss } from "@unet/train";

/** Logits and ground truth are `[N, H, W, 1]`; the gradient follows automatically. */
const tversky: Loss = (logits, target) =>
  tf.tidy(() => {
    const object = tf.sigmoid(logits);
    const hit = tf.sum(tf.mul(object, target));
    const missed = tf.sum(tf.mul(tf.sub(1, object), target));
    const wrong = tf.sum(tf.mul(object, tf.sub(1, target)));
    const all = tf.addN([hit, tf.mul(0.7, missed), tf.mul(0.3, wrong)]);
    return tf.sub<tf.Scalar>(1, tf.div(hit, tf.add(all, 1e-6)));
  });

const folder = await Deno.makeTempDir();
const device = await openDevice("auto");
// Images of your own: cacheDataset(await openDataset("folder")).
const cases = await cacheSamples(
  synthesize({ count: 20, width: 64, height: 64, seed: 0 }),
  { folder },
);
const options = { size: 64, batchSize: 4, seed: 0 };
await new Trainer({
  model: createModel({ width: 0.1 }, createRandom(0)),
  loss: tversky,
  optimizer: adam(),
  scheduler: constant({ learningRate: 0.003 }),
  trainDataloader: createLoader({ ...options, cases: cases.slice(4) }),
  testDataloader: createLoader({ ...options, cases: cases.slice(0, 4) }),
  epochs: Number(Deno.args[0] ?? 5),
  device,
  onEpoch: ({ row: { epoch, loss, f1 } }) =>
    console.log(`epoch ${epoch}: loss ${loss}, F1 ${f1}`),
}).fit();
await device.close();
await Deno.remove(folder, { recursive: true });
