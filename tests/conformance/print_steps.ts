/**
 * Trains a narrow network for two steps on oneDNN and prints the losses, for
 * instructions_test.ts, which names the processor's instructions.
 */
import { openDevice } from "@unet/device";
import { createModel } from "@unet/model";
import { createRandom } from "@unet/random";
import { sgd } from "@unet/train";
import { step } from "./training_step.ts";

const device = await openDevice("onednn");
const model = createModel({
  network: "vgg16_bn",
  width: 0.05,
}, createRandom(0));
const optimizer = sgd({ momentum: 0.9 });
const losses = [await step(model, optimizer), await step(model, optimizer)];
await Deno.stdout.write(new TextEncoder().encode(losses.join(" ")));
optimizer.dispose();
model.dispose();
await device.close();
