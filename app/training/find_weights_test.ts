import { assertEquals, assertRejects } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { openDevice } from "@unet/device";
import { UsageError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { createModel, encodeModel } from "@unet/model";
import { createRandom } from "@unet/random";
import { findWeights } from "./find_weights.ts";

const own = fromFileUrl(
  new URL("../../model/fixtures/version_2.safetensors", import.meta.url),
);
const foreign = fromFileUrl(
  new URL("../../model/fixtures/float32.pth", import.meta.url),
);

Deno.test("findWeights() separates a model of this program from weights of others", async () => {
  assertEquals(await findWeights({}), {
    path: null,
    isModel: false,
    isFull: false,
  });
  const model = await findWeights({ weights: own });
  assertEquals([model.isModel, model.isFull], [true, false]);
  const partial = await findWeights({ weights: own, weightsPartial: true });
  assertEquals([partial.isModel, partial.network], [false, "vgg16_bn"]);
  const other = await findWeights({ weights: foreign });
  assertEquals([other.isModel, other.isFull], [false, true]);
  assertEquals((await findWeights({ weights: "imagenet" })).path, "imagenet");
});

Deno.test("findWeights() refuses to build another network than a model's file is", async () => {
  await assertRejects(
    () => findWeights({ weights: own, batchNorm: false }),
    UsageError,
    'Cannot use setting "batchNorm": found `weights`, whose file says which network it is, expected one of the two',
  );
  // Batch norm that the model has, trained or frozen, is no other network.
  await findWeights({ weights: own, batchNorm: true, freezeBatchNorm: true });
  await findWeights({ weights: own, batchNorm: true });
  const device = await openDevice("cpu");
  const without = join(await Deno.makeTempDir(), "model.safetensors");
  const model = createModel(
    { width: 0.02, network: "vgg16", batchNorm: false },
    createRandom(0),
  );
  await writeFile(without, await encodeModel(model));
  await assertRejects(
    () => findWeights({ weights: without, batchNorm: true }),
    UsageError,
    'Cannot use setting "batchNorm": found `weights`, whose file says',
  );
  model.dispose();
  await device.close();
  await Deno.remove(dirname(without), { recursive: true });
});
