/**
 * Exports a small network of two channels into a folder, by the command line,
 * for `check_channel_exports.py`:
 *
 *     deno run -P=test write_channel_exports.ts FOLDER
 */
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { main } from "@unet/cli";
import { writeFile } from "@unet/files";
import { createModel, encodeModel, type Model } from "@unet/model";
import { createRandom } from "@unet/random";
import { channelInput, objectTask } from "@unet/task";
import { fill } from "./_formula.ts";

/** The network that is exported, with weights by a formula. */
export function channelModel(): Model {
  const task = objectTask({ input: channelInput(["DAPI", "actin"]) });
  const model = createModel({ width: 1 / 32, task }, createRandom(0));
  fill(model);
  return model;
}

if (import.meta.main) {
  await tf.setBackend("cpu");
  const [folder] = Deno.args;
  const source = `${folder}/source.safetensors`, model = channelModel();
  await writeFile(source, await encodeModel(model));
  model.dispose();
  for (const stretch of ["inside", "outside"]) {
    const out = `${folder}/${stretch}.onnx`;
    const code = await main([
      ...["export", source, "--format", "onnx", "--stretch", stretch],
      ...["--out", out, "--force"],
    ]);
    if (code !== 0) throw new Error(`export ended with ${code}`);
  }
}
