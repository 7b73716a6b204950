/**
 * Exports small networks in every format into a folder, by the command line,
 * for `check_exports.py` and `check_onnx_exports.py`:
 *
 *     deno run -P=test write_exports.ts FOLDER
 */
import { objectTask } from "@unet/task";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { main } from "@unet/cli";
import { writeFile } from "@unet/files";
import { createModel, encodeModel, type ModelPlan } from "@unet/model";
import { createRandom } from "@unet/random";
import { fill } from "./_formula.ts";

/** The network alone, without what the graph does around it. */
const fitting = ["--sizes", "fitting", "--stretch", "outside"];

/** What is exported: file, network, flags. */
export const exported: readonly (readonly [
  file: string,
  plan: Partial<ModelPlan>,
  ...flags: string[],
])[] = [
  ["all.pth", { width: 1 / 32 }],
  ["all_half.pth", { width: 1 / 32 }, "--dtype", "f16"],
  ["all.safetensors", { width: 1 / 32 }],
  ["all_half.safetensors", { width: 1 / 32 }, "--dtype", "f16"],
  ["all_bf16.pth", { width: 1 / 32 }, "--dtype", "bf16"],
  ["all_bf16.safetensors", { width: 1 / 32 }, "--dtype", "bf16"],
  [
    "encoder.pth",
    { decoderChannels: [1, 1, 1, 1, 1] },
    "--part",
    "encoder",
  ],
  ["folded.onnx", { width: 1 / 32 }],
  ["kept.onnx", { width: 1 / 32 }, "--batch-norm", "kept"],
  ["half.onnx", { width: 1 / 32 }, "--dtype", "f16"],
  ["fitting.onnx", { width: 1 / 32 }, ...fitting],
  ["borders.onnx", { width: 1 / 32, task: objectTask({ borderWeight: 0.1 }) }],
  ["borders_fitting.onnx", {
    width: 1 / 32,
    task: objectTask({ borderWeight: 0.1 }),
  }, ...fitting],
  ["paper.onnx", { network: "unet", width: 1 / 32 }],
  ["paper_fitting.onnx", { network: "unet", width: 1 / 32 }, ...fitting],
];

/** Writes them into a folder. */
export async function writeExports(folder: string): Promise<void> {
  await tf.setBackend("cpu");
  for (const [file, plan, ...flags] of exported) {
    const model = createModel(plan, createRandom(0));
    fill(model);
    const source = `${folder}/${file}.source.safetensors`;
    await writeFile(source, await encodeModel(model));
    model.dispose();
    const format = file.slice(file.lastIndexOf(".") + 1);
    const code = await main([
      "export",
      source,
      ...["--format", format, "--out", `${folder}/${file}`, "--force"],
      ...flags,
    ]);
    if (code !== 0) throw new Error(`export ended with ${code}`);
    await Deno.remove(source);
  }
}

if (import.meta.main) await writeExports(Deno.args[0]!);
