import { createModel } from "@unet/model";
import { createRandom } from "@unet/random";
import { openDevice, type TraceRow } from "@unet/device";
import { cannot, UsageError } from "@unet/errors";
import { predictorOf } from "@unet/infer";
import { bceWithLogits, sgd, trainStep } from "@unet/train";
import { formatTable } from "./table.ts";
import { printLine } from "./terminal.ts";

/** A network that is traced within seconds, and whose kernels are all there. */
const width = 0.25, batchSize = 2, size = 256;

/**
 * Trains a step and segments a window on a device, and prints what computed
 * each kernel, slowest first: the device's library, or a detour.
 *
 * @param name The device.
 * @throws {UsageError} If the device cannot report it.
 */
export async function traceDevice(name: string): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const device = await openDevice(name);
  stack.defer(() => device.close());
  const { trace } = device;
  if (!trace) {
    throw new UsageError(
      cannot("trace", "device", name, {
        found: "one that does not report what computes",
        expected: "onednn",
      }),
    );
  }
  const model = createModel({ width }, createRandom(0));
  stack.defer(() => model.dispose());
  const optimizer = sgd();
  stack.defer(() => optimizer.dispose());
  const shape = [batchSize, size, size] as const;
  const pixels = batchSize * size ** 2, random = createRandom(1);
  const batch = {
    shape,
    x: Float32Array.from({ length: 3 * pixels }, () => random.next()),
    targets: { object: new Float32Array(pixels) },
    ids: [],
  };
  const work = async (): Promise<void> => {
    await trainStep(batch, {
      model,
      loss: bceWithLogits,
      optimizer,
      rate: { learningRate: 1e-3 },
      random,
    });
    await predictorOf(model)(batch.x, shape);
  };
  // The first time compiles.
  await work();
  trace.begin();
  await work();
  const { kernels, primitives } = trace.end();
  printRows("Kernel", kernels);
  printLine("");
  printRows("Primitive", primitives);
  const detours = kernels.filter(({ by }) => by === "tfjs cpu")
    .map(({ name }) => name);
  const slow = primitives.filter(({ by }) => by.startsWith("ref"))
    .map(({ name }) => name);
  printLine("");
  printLine(`By way of tfjs' cpu kernels: ${detours.join(", ") || "none"}`);
  printLine(`By reference code: ${slow.join("; ") || "none"}`);
}

function printRows(title: string, rows: readonly TraceRow[]): void {
  const all = rows.reduce((sum, { seconds }) => sum + seconds, 0);
  const lines = rows.toSorted((a, b) => b.seconds - a.seconds)
    .map(({ name, by, calls, seconds, operations }) => [
      name,
      by,
      String(calls),
      (seconds * 1000).toFixed(1),
      `${(100 * seconds / all).toFixed(1)} %`,
      operations > 0 ? (operations / seconds / 1e9).toFixed(0) : "",
    ]);
  const header = [title, "By", "Calls", "ms", "Share", "GFLOPS"];
  for (const line of formatTable([header, ...lines])) printLine(line);
}
