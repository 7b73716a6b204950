import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { encodePng } from "@unet/data";
import { UsageError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { check } from "../check.ts";
import { completeTrainSettings } from "./complete_train_settings.ts";
import { ignoredOfSources } from "./ignored_of_sources.ts";

/** A data set of nnU-Net: two classes, and pixels that nobody labeled. */
async function createData(ignored: number): Promise<string> {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(
    join(folder, "dataset.json"),
    JSON.stringify({
      channel_names: { 0: "DAPI" },
      labels: { background: 0, nucleus: 1, ignore: ignored },
      numTraining: 1,
      file_ending: ".png",
    }),
  );
  const write = async (name: string, values: readonly number[]) => {
    const data = Uint8Array.from(values);
    const image = { width: 2, height: 2, channels: 1, depth: 8, data } as const;
    await writeFile(join(folder, name), await encodePng(image));
  };
  await write("imagesTr/a_0000.png", [10, 20, 30, 40]);
  await write("labelsTr/a.png", [0, 1, ignored, 1]);
  await write("imagesTs/b_0000.png", [1, 2, 3, 4]);
  return folder;
}

Deno.test("nnU-Net's dataset.json gives check and train classes and the number that is ignored", async () => {
  const data = await createData(2);
  const { images, errors, warnings } = await check({ data });
  assertEquals([images, errors, warnings], [1, 0, 0]);
  const settings = await completeTrainSettings({ data });
  assertEquals(settings.classes?.map(({ name }) => name), [
    "background",
    "nucleus",
  ]);
  assertEquals([settings.ignore, settings.loss], [[2], "ce+dice"]);
  const off = await completeTrainSettings({ data, classes: [], ignore: [] });
  assertEquals([off.classes, off.ignore], [null, []]);
  await Deno.remove(data, { recursive: true });
});

Deno.test("ignoredOfSources() takes the user's settings, and refuses data sets that differ", async () => {
  const paths = [await createData(2), await createData(3)];
  const sources = paths.map((path) => ({ path }));
  assertEquals(await ignoredOfSources(sources, { ignore: [7] }), [7]);
  assertEquals(await ignoredOfSources(sources, { classes: [] }), undefined);
  assertEquals(await ignoredOfSources([], {}), undefined);
  await assertRejects(
    () => ignoredOfSources(sources, {}),
    UsageError,
    'found "ignore" with 2 in one dataset.json, 3 in another',
  );
  for (const path of paths) await Deno.remove(path, { recursive: true });
});
