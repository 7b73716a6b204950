/**
 * Builds a U-Net around an encoder of your own, saves it, and loads it again:
 * the file holds the encoder's name, so loading gets the network itself. Train
 * it as in custom_loss.ts; summary, freezing and ONNX know its layers too.
 *
 *     deno run -P=local examples/custom_encoder.ts small.safetensors
 */
import {
  createModel,
  createRandom,
  loadModel,
  openDevice,
  predictorOf,
  segmentImage,
  summarize,
  synthesize,
} from "@unet/unet";
import { writeFile } from "@unet/files";
import {
  type CustomNetwork,
  encodeModel,
  type Feature,
  networks,
  scaleChannels,
} from "@unet/model";

/** Three blocks, each a convolution of stride 2; the finest features first. */
const small: CustomNetwork = {
  ...networks.resnet34,
  name: "small",
  help: "three convolutions of stride 2",
  encoder(graph, image, { width }) {
    const features: Feature[] = [];
    for (const [block, channels] of [32, 64, 128].entries()) {
      graph.beginBlock();
      const to = scaleChannels(channels, width), name = `encoder.${block}`;
      const from = features.at(-1) ?? image;
      features.push(graph.convolution(from, { name, to, stride: 2 }));
    }
    return features;
  },
  blocks: 3,
  defaults: { batchNorm: true, decoderChannels: [64, 32, 16], padding: "same" },
};

const [path = "small.safetensors"] = Deno.args;
const device = await openDevice("auto");
const plan = { network: small, width: 0.5 };
console.log(`${summarize(plan).parameters} parameters`);
const model = createModel(plan, createRandom(0));
await writeFile(path, await encodeModel(model));

const loaded = await loadModel(path, {}, { networks: [small] });
const [drawn] = synthesize({ count: 1, width: 64, height: 64, seed: 0 });
const { planes } = await segmentImage(drawn!.image, predictorOf(loaded));
console.log(`predicted ${planes.object!.length} pixels, untrained`);
await device.close();
