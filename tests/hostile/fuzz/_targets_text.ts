import { BandStore } from "@unet/infer";
import { mergeManifests, readManifest } from "@unet/infer/batch";
import { openRun, parseCsv } from "@unet/train";
import { parseJournal } from "@unet/tune/journal";
import { createRandom } from "@unet/random";
import { drawStudyPage, studyTable } from "@unet/tune/report";
import { tpeSampler } from "@unet/tune/sampling";
import type { Space } from "@unet/tune";
import { join } from "@std/path";
import { changeLines, replaceValue } from "./_mutate_text.ts";
import { attempt, type Target } from "./_target.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

async function write(
  folder: string,
  name: string,
  content: Uint8Array | string,
): Promise<string> {
  const path = join(folder, name);
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await Deno.writeFile(
    path,
    typeof content === "string" ? bytesOf(content) : content,
  );
  return path;
}

async function journals(): Promise<Uint8Array[]> {
  const folder = new URL("../../../tune/journal/fixtures/", import.meta.url);
  const files: Uint8Array[] = [];
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  for (const name of names.filter((name) => name.endsWith(".log"))) {
    const bytes = await Deno.readFile(new URL(name, folder));
    if (bytes.length < 100_000) files.push(bytes);
  }
  return files;
}

const at = "2026-01-31T12:00:00.000Z", setup = "0123456789abcdef";
const manifest = [
  { event: "run", version: 1, at, setup, settings: {}, model: "m", files: 2 },
  { event: "start", at, name: "a.tif", outputs: ["a.png", "a.csv"] },
  {
    ...{ event: "done", at, name: "a.tif", input: "a.tif", size: 3 },
    ...{ modified: 5, hash: setup, setup, outputs: [{ path: "a", size: 9 }] },
    ...{ counts: { nuclei: 3 }, seconds: 1 },
  },
  { event: "failed", at, name: "b.tif", input: "b.tif", error: "Cannot" },
  { event: "end", at },
  { event: "merge", at },
].map((event) => `${JSON.stringify(event)}\n`).join("");

const csv = "epoch,step,loss,validationLoss,f1,f1PerImage,iou,precision," +
  "recall,learningRate,seconds\n1,2,0.5,0.5,0.9,0.9,0.8,0.9,0.9,0.01,3\n";

/** What a study is continued with, whatever its trials had. */
const space: Space = {
  x: { kind: "float", low: 0, high: 1, log: false, step: null },
  n: { kind: "int", low: 1, high: 9, log: true, step: 1 },
  c: { kind: "categorical", choices: ["a", null, 2] },
};

const bandKey = { width: 7, height: 12, work: "a.png" };

/** Text: studies, manifests, runs. */
export const textTargets: Readonly<Record<string, Target>> = {
  journal: {
    seeds: journals,
    mutations: [replaceValue, replaceValue, changeLines],
    read: async (bytes) => {
      await attempt(() => {
        for (const study of parseJournal(bytes, "study.journal")) {
          studyTable(study);
          if (study.trials.length > 50) continue;
          drawStudyPage(study);
          // The command line continues no study of several directions.
          if (study.directions.length !== 1) continue;
          tpeSampler().sample(study, space, {
            random: createRandom(0),
            number: study.trials.length,
          });
        }
      });
    },
  },
  manifest: {
    seeds: () => Promise.resolve([bytesOf(manifest)]),
    mutations: [replaceValue, replaceValue, changeLines],
    read: async (bytes, folder) => {
      const path = await write(folder, "manifest-1-of-2.jsonl", bytes);
      await attempt(async () => {
        const content = await readManifest(path);
        mergeManifests([content, content]);
      });
    },
  },
  run: {
    seeds: () =>
      Promise.resolve([
        bytesOf('{"epochs":30,"lr":0.01,"augment":["flips"],"data":null}'),
      ]),
    mutations: [replaceValue],
    read: async (bytes, folder) => {
      await write(folder, "run/config.json", bytes);
      await write(
        folder,
        "run/split.json",
        '{"train":["a"],"validation":["b"],"test":[]}',
      );
      await attempt(() => openRun(join(folder, "run")));
    },
  },
  split: {
    seeds: () =>
      Promise.resolve([
        bytesOf('{"train":["a","b"],"validation":["c"],"test":[]}'),
      ]),
    mutations: [replaceValue],
    read: async (bytes, folder) => {
      await write(folder, "split/config.json", "{}");
      await write(folder, "split/split.json", bytes);
      await attempt(() => openRun(join(folder, "split")));
    },
  },
  metrics: {
    seeds: () => Promise.resolve([bytesOf(csv)]),
    mutations: [changeLines],
    read: async (bytes) => {
      await attempt(() => parseCsv(textOf(bytes)));
    },
  },
  bands: {
    seeds: () =>
      Promise.resolve([
        bytesOf(JSON.stringify({
          ...{ version: 1, ...bandKey },
          bands: [{ y: 0, height: 5, outputs: 1 }],
        })),
      ]),
    mutations: [replaceValue],
    read: async (bytes, folder) => {
      await write(folder, "a.partial/state.json", bytes);
      await attempt(async () => {
        const store = await BandStore.open(join(folder, "a.partial"), bandKey);
        for await (const _ of store.bands());
      });
    },
  },
};
