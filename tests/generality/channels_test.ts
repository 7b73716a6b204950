import { assert, assertEquals } from "@std/assert";
import { cacheSamples, createLoader, type Sample } from "@unet/data";
import { openDevice } from "@unet/device";
import { planeOf, predictorOf, segmentImage } from "@unet/infer";
import { createModel, decodeModel, encodeModel } from "@unet/model";
import { createRandom } from "@unet/random";
import { channelInput, objectTask, type Task } from "@unet/task";
import {
  adam,
  constant,
  type EpochRow,
  lossOfHeads,
  Trainer,
} from "@unet/train";

const size = 64;

/**
 * Squares that are bright in one channel, in both or in none, one as often as
 * the other; objects are those that are bright in both. How bright that is
 * differs from image to image and from channel to channel.
 */
function draw(count: number, seed: number): Sample[] {
  return Array.from({ length: count }, (_, number) => {
    const random = createRandom(seed, number);
    const levels = [0, 1].map(() => {
      const dark = random.uniform(50, 2000);
      return { dark, bright: dark * random.uniform(2, 10) };
    });
    const pixels = Uint16Array.from(
      { length: 2 * size * size },
      (_, at) => levels[at % 2]!.dark * random.uniform(0.8, 1.2),
    );
    const data = new Uint32Array(size * size);
    for (let square = 0; square < 9; square++) {
      const left = 1 + 21 * (square % 3), top = 1 + 21 * Math.floor(square / 3);
      // The first four are of all kinds, so that no image lacks one.
      const kind = square < 4 ? square : random.integer(0, 3);
      const shows = [kind % 2 === 1, kind >= 2];
      for (let y = top; y < top + 17; y++) {
        for (let x = left; x < left + 17; x++) {
          const at = y * size + x;
          if (shows[0] && shows[1]) data[at] = square + 1;
          shows.forEach((isBright, channel) => {
            if (isBright) {
              pixels[2 * at + channel] = levels[channel]!.bright *
                random.uniform(0.8, 1);
            }
          });
        }
      }
    }
    const shape = { width: size, height: size };
    return {
      id: `drawn-${number}`,
      image: {
        ...{ ...shape, channels: 2, depth: 16, isSeparate: true },
        data: pixels,
      } as const,
      labels: { ...shape, data },
    };
  });
}

/** The same with the first channel alone. */
function firstAlone({ image, ...sample }: Sample): Sample {
  const data = image.data.filter((_, at) => at % 2 === 0);
  return { ...sample, image: { ...image, channels: 1, data } };
}

/** Trains a network, and gives its last scores and its file. */
async function train(
  samples: readonly Sample[],
  task: Task,
): Promise<{ row: EpochRow; bytes: Uint8Array; f1: number }> {
  const folder = await Deno.makeTempDir();
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const device = await openDevice("wasm");
  stack.defer(() => device.close());
  const cases = await cacheSamples(samples, { folder });
  const [train, test] = [cases.slice(0, 24), cases.slice(24)].map((some) =>
    createLoader({ cases: some, size, batchSize: 4, seed: 0, shuffle: true })
  );
  stack.defer(() => [train!, test!].forEach((loader) => loader.close()));
  const model = createModel({ width: 0.1, task }, createRandom(1));
  stack.defer(() => model.dispose());
  const optimizer = adam(), rows: EpochRow[] = [];
  stack.defer(() => optimizer.dispose());
  await new Trainer({
    optimizer,
    loss: lossOfHeads(task.heads),
    model,
    trainDataloader: train!,
    testDataloader: test!,
    epochs: 12,
    device,
    scheduler: constant({ learningRate: 0.01 }),
    batchNormBatches: 2,
    onEpoch: ({ row }) => void rows.push(row),
  }).fit();
  const bytes = new Uint8Array(
    await new Blob(await encodeModel(model)).arrayBuffer(),
  );
  const { image, labels } = samples.at(-1)!;
  const planes = await segmentImage(image, predictorOf(model));
  return {
    bytes,
    row: rows.at(-1)!,
    f1: f1Of(planeOf(planes, "object"), labels.data),
  };
}

function f1Of(found: Float32Array, truth: Uint32Array): number {
  let both = 0, either = 0;
  found.forEach((value, at) => {
    const isFound = value > 0.5, isTrue = truth[at]! > 0;
    if (isFound && isTrue) both++;
    either += Number(isFound) + Number(isTrue);
  });
  return 2 * both / either;
}

Deno.test("a network learns from two channels what one of them alone does not say", async () => {
  const samples = draw(30, 11);
  const task = objectTask({
    loss: "bce+dice",
    input: channelInput(["DAPI", "actin"]),
  });
  const both = await train(samples, task);
  assert(both.row.f1 > 0.9, `F1 of both ${both.row.f1}`);
  // Of a whole image, as users segment it.
  assert(both.f1 > 0.9, `F1 of both, segmented ${both.f1}`);
  assertEquals(decodeModel(both.bytes, "model").plan.task, task);

  const one = await train(samples.map(firstAlone), {
    ...task,
    input: channelInput(["DAPI"]),
  });
  // Half of the bright squares are objects: to find them all is 2/3.
  assert(one.row.f1 < 0.8, `F1 of one ${one.row.f1}`);
});
