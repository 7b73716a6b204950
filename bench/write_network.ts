/**
 * Writes the network of a width as ONNX, for peers that read it: takes width
 * and file as JSON and prints `null`. `devices.ts` runs it in a process of its
 * own, so that the network does not stay in memory.
 */
// deno-lint-ignore-file no-console
import { openDevice } from "@unet/device";
import { writeFile } from "@unet/files";
import { createModel, serializeOnnx, torchTensors } from "@unet/model";
import { createRandom } from "@unet/random";

/** Which network, and where to. */
export interface NetworkFile {
  /** Its width. */
  readonly width: number;
  /** The file. */
  readonly out: string;
}

/**
 * Writes the network whose devices are measured, as `unet export` does: batch
 * norm folded, and nothing in it that ours does not compute, as the stretch of
 * dark images or padding.
 */
export async function writeNetwork({ width, out }: NetworkFile): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const device = await openDevice("cpu");
  stack.defer(() => device.close());
  const model = createModel({ width }, createRandom(0));
  stack.defer(() => model.dispose());
  const pieces = serializeOnnx(model.plan, await torchTensors(model), {
    sizes: "fitting",
    stretch: false,
  });
  await writeFile(out, pieces, "network");
}

if (import.meta.main) {
  await writeNetwork(JSON.parse(Deno.args[0]!));
  console.log("null");
}
