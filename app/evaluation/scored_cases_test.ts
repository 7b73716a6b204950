import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { synthesize, writeKaggle } from "@unet/data";
import { DatasetError } from "@unet/errors";
import type { DataSource } from "../settings/data_sources.ts";
import { type CaseChoices, openScoredCases } from "./scored_cases.ts";

let folder = "";
let cells: DataSource, tissue: DataSource;
let ids: string[] = [];

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir();
  const drawn = [...synthesize({ count: 4, width: 32, height: 32, seed: 0 })];
  ids = drawn.map(({ id }) => id).sort();
  [cells, tissue] = ["cells", "tissue"].map((name) => ({
    ...{ name, path: join(folder, name) },
  })) as [DataSource, DataSource];
  for (const { path } of [cells, tissue]) await writeKaggle(drawn, path);
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

async function idsOf(
  sources: readonly DataSource[],
  choices: Partial<CaseChoices> = {},
  say: (line: string) => void = () => {},
): Promise<string[]> {
  const data = { sources, among: sources, masks: {} };
  using open = await openScoredCases(
    data,
    { part: "all", run: "none", ...choices },
    say,
  );
  return open.cases.map(({ id }) => id);
}

async function writeRoles(roles: unknown): Promise<string> {
  const path = join(folder, "roles.json");
  await Deno.writeTextFile(path, JSON.stringify(roles));
  return path;
}

Deno.test("openScoredCases() takes all images, whose ids start with their data set's name where there are several", async () => {
  assertEquals(await idsOf([cells]), ids);
  assertEquals(await idsOf([tissue, cells]), [
    ...ids.map((id) => `tissue/${id}`),
    ...ids.map((id) => `cells/${id}`),
  ]);
});

Deno.test("openScoredCases() takes the images of a role, those of validation unless one is named", async () => {
  const [a, b, c, d] = ids;
  const own = { train: [a], validation: [b, c], watched: [d] };
  const roles = await writeRoles({
    "cells.zip": own,
    tissue: { validation: [a], watched: [b] },
  });
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  assertEquals(await idsOf([cells], { roles }, say), [b, c]);
  assertEquals(lines, ["Left out by roles.json: 1 train, 1 watched"]);
  assertEquals(await idsOf([cells], { roles, role: "watched" }), [d]);
  assertEquals(
    await idsOf([cells, tissue], { roles }),
    [`cells/${b}`, `cells/${c}`, `tissue/${a}`],
  );
  await assertRejects(
    () => idsOf([cells, tissue], { roles, role: "train" }),
    DatasetError,
    'no image of role train in "tissue", expected at least one; leave that',
  );
  await assertRejects(
    () => idsOf([{ ...cells, name: "others" }], { roles }),
    DatasetError,
    'no roles of data set "others"',
  );
});
