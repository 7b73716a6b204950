import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { synthesize, writeKaggle } from "@unet/data";
import { DatasetError, TrainingError, UsageError } from "@unet/errors";
import { openRun, parseCsv } from "@unet/train";
import { readNamedModel } from "../models/find_model.ts";
import { describeCard } from "./model_card.ts";
import type { TrainChoices } from "../settings/train_settings.ts";
import { resumeTraining, train } from "./train.ts";

let folder = "";

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir();
  for (const [seed, name] of ["cells", "tissue"].entries()) {
    // Ids are the same in both.
    const drawn = synthesize({ count: 5, width: 64, height: 64, seed });
    await writeKaggle(drawn, join(folder, name));
  }
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

async function idsOf(name: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(join(folder, name)));
  return entries.map((entry) => entry.name).sort();
}

/** Writes a file of roles: of each source 2 to train, 1 to validate, 1 watched. */
async function writeRoles(name: string): Promise<string> {
  const roles: Record<string, unknown> = {};
  for (const source of ["cells", "tissue"]) {
    const [a, b, c, d, e] = await idsOf(source);
    roles[`elsewhere/${source}.zip`] = {
      ...{ train: [a, b], validation: [c], watched: [d], finetune: [e] },
    };
  }
  const path = join(folder, name);
  await Deno.writeTextFile(path, JSON.stringify(roles));
  return path;
}

const tiny = (name: string, more: TrainChoices = {}): TrainChoices => ({
  data: ["cells", "tissue"].map((name) => ({ name, path: join(folder, name) })),
  out: join(folder, name),
  ...{ width: 0.05, tile: 64, batch: 2, epochs: 2, learningRate: 0.005 },
  ...{ device: "wasm", workers: 0, batchNormBatches: 1 },
  ...more,
});

/** The ids of a run by their source, as in "cells 2". */
function countsOf(ids: readonly string[]): string[] {
  const sources = ids.map((id) => id.split("/")[0]!);
  return [...Map.groupBy(sources, (one) => one)]
    .map(([name, all]) => `${name} ${all.length}`).sort();
}

Deno.test("train() draws one split over several data sets, whose ids start with their names", async () => {
  await train(tiny("split", { epochs: 1, validation: 0.4 }));
  const { split, config } = await openRun(join(folder, "split"));
  const ids = [...split.train, ...split.validation];
  assertEquals(countsOf(ids), ["cells 5", "tissue 5"]);
  assertEquals(new Set(ids).size, 10);
  const { images, sources } = config.dataset as {
    readonly images: number;
    readonly sources: Record<string, { train: number; validation: number }>;
  };
  assertEquals(images, 10);
  for (const [name, { train, validation }] of Object.entries(sources)) {
    assertEquals(train + validation, 5, name);
  }
});

Deno.test("train() takes images by their roles and tiles by shares, notes both, and continues without the file of roles", async () => {
  const roles = await writeRoles("roles.json"), notes: string[] = [];
  const choices = { roles, shares: { cells: 3, tissue: 1 }, tilesPerEpoch: 8 };
  await train(tiny("whole", choices), { onNote: (line) => notes.push(line) });
  assert(notes.includes("Left out by roles.json: 2 finetune, 2 watched"));
  const whole = await openRun(join(folder, "whole"));
  assertEquals(countsOf(whole.split.train), ["cells 2", "tissue 2"]);
  assertEquals(countsOf(whole.split.validation), ["cells 1", "tissue 1"]);
  assertEquals(whole.split.test, []);
  const { plan, ...saved } = await readNamedModel(
    join(folder, "whole"),
    () => {},
  );
  // deno-lint-ignore no-explicit-any
  const card = saved.card as any;
  assertEquals(card.data, whole.config.dataset);
  assertEquals(card.data.sources, {
    cells: { train: 2, validation: 1 },
    tissue: { train: 2, validation: 1 },
  });
  assertEquals(card.data.roles.file, "roles.json");
  assertEquals(card.settings.shares, choices.shares);
  assert(!JSON.stringify(card).includes(folder));
  const [data] = describeCard(plan, card);
  assert(data!.includes('"cells"') && data!.includes("roles.json"), data);

  const stop = new AbortController();
  await train(tiny("parts", choices), {
    signal: stop.signal,
    onEpoch: () => stop.abort(),
  });
  await Deno.remove(roles);
  const state = await resumeTraining(join(folder, "parts"));
  assertEquals(state.epoch, 2);
  const parts = await openRun(join(folder, "parts"));
  assertEquals(parts.split, whole.split);
  const weights = (name: string) =>
    Deno.readFile(join(folder, name, "last", "model.safetensors"));
  assertEquals(await weights("parts"), await weights("whole"));

  const rowsOf = async (name: string) => {
    const text = await Deno.readTextFile(join(folder, name, "metrics.csv"));
    return parseCsv(text).map(({ seconds: _, ...row }) => row);
  };
  const rows = await rowsOf("whole");
  assertEquals(await rowsOf("parts"), rows);
  for (const row of rows) {
    const [cells, tissue] = [row["f1:cells"]!, row["f1:tissue"]!];
    // A score over the pixels of both lies between theirs.
    assert(
      Math.min(cells, tissue) <= row.f1 && row.f1 <= Math.max(cells, tissue),
    );
  }
});

Deno.test("train() trains on the role that is named", async () => {
  const roles = await writeRoles("other.json");
  await train(tiny("finetune", { roles, trainRole: "finetune", epochs: 1 }));
  const { split } = await openRun(join(folder, "finetune"));
  const [, , , , last] = await idsOf("cells");
  assert(split.train.includes(`cells/${last}`));
  assertEquals(countsOf(split.train), ["cells 1", "tissue 1"]);
});

Deno.test("train() validates on no image of a file of roles where it should not, and needs none there", async () => {
  const path = join(folder, "alone.json"), [a, b] = await idsOf("cells");
  await Deno.writeTextFile(
    path,
    JSON.stringify({ cells: { mine: [a, b] } }),
  );
  const choices = {
    ...{ data: join(folder, "cells"), roles: path, trainRole: "mine" },
    epochs: 1,
  };
  await assertRejects(
    () => train(tiny("needs", choices)),
    DatasetError,
    'no image of role "validation" in the data, expected at least one; ' +
      "`validationRole` names another role, `validation 0` validates on none",
  );
  await train(tiny("alone", { ...choices, validation: 0 }));
  const { split, config } = await openRun(join(folder, "alone"));
  assertEquals(split, { train: [a!, b!], validation: [], test: [] });
  const { roles } = config.dataset as { readonly roles: unknown };
  assertEquals(
    { ...roles as object, fingerprint: "" },
    { file: "alone.json", fingerprint: "", train: "mine", validation: null },
  );
  await Deno.remove(path);
  const state = await resumeTraining(join(folder, "alone"), { epochs: 2 });
  assertEquals(state.epoch, 2);
});

Deno.test("train() refuses roles beside shares of a split, and images that a file of roles does not fit", async () => {
  const roles = await writeRoles("third.json");
  for (
    const [more, part] of [
      [{ roles, validation: 0.2 }, "`roles` beside it"],
      [{ roles, splitSeed: 1 }, "`roles` beside it"],
      [{ roles, validation: 0, test: 0.2 }, "`roles` beside it"],
      [{ roles, validation: 0, validationRole: "x" }, "on no image"],
      [{ roles, validation: 0, patience: 2 }, "holds no image out"],
      [{ trainRole: "finetune" }, "no roles"],
      [{ roles, validationRole: "train" }, "another"],
      [{ shares: { plates: 1 } }, "names of data sets: cells, tissue"],
      [{ data: null, roles }, "images that the program draws"],
    ] as const
  ) {
    await assertRejects(() => train(tiny("no", more)), UsageError, part);
  }
  const text = await Deno.readTextFile(roles);
  await Deno.writeTextFile(roles, text.replace('["', '["no-such-image","'));
  await assertRejects(
    () => train(tiny("no", { roles })),
    DatasetError,
    '"no-such-image" in "cells"',
  );
});

Deno.test("resumeTraining() refuses data that has changed in any source", async () => {
  const roles = await writeRoles("fourth.json");
  await train(tiny("changed", { roles, epochs: 1 }));
  const [first] = await idsOf("tissue");
  const masks = join(folder, "tissue", first!, "masks");
  const [mask] = await Array.fromAsync(Deno.readDir(masks));
  await Deno.remove(join(masks, mask!.name));
  await assertRejects(
    () => resumeTraining(join(folder, "changed"), { epochs: 2 }),
    TrainingError,
    "data that has changed",
  );
});

Deno.test("train() trains on no copy of a validation image of another data set, says so, and continues", async () => {
  const data = ["first", "second"].map((name) => ({
    name,
    path: join(folder, "copies", name),
  }));
  for (const { path } of data) {
    const drawn = synthesize({ count: 3, width: 64, height: 64, seed: 7 });
    await writeKaggle(drawn, path);
  }
  const [a, b, c] = await idsOf("copies/first");
  const roles = join(folder, "copies.json");
  await Deno.writeTextFile(
    roles,
    JSON.stringify({
      first: { train: [a], validation: [b], untouched: [c] },
      second: { train: [b, c] },
    }),
  );
  const notes: string[] = [];
  const choices = tiny("copied", { data, roles, epochs: 1 });
  await train(choices, { onNote: (line) => notes.push(line) });
  const note = "Left out of training: 1 image with the same pixels as one to " +
    `validate on (second/${b})`;
  assert(notes.includes(note), notes.join("\n"));
  const { split } = await openRun(join(folder, "copied"));
  assertEquals(split.train, [`first/${a}`, `second/${c}`]);
  const state = await resumeTraining(join(folder, "copied"), { epochs: 2 });
  assertEquals(state.epoch, 2);
});
