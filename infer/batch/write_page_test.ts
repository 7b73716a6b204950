import { assert, assertEquals } from "@std/assert";
import type { FileState } from "./file_state.ts";
import { writePage } from "./write_page.ts";

const folder = await Deno.makeTempDir();
const setups: Record<
  string,
  { settings: { threshold: number }; model: string }
> = {
  a: { settings: { threshold: 0.5 }, model: "0123456789abcdef" },
  b: { settings: { threshold: 0.7 }, model: "fedcba9876543210" },
};

/** A file that is done. */
function done(
  name: string,
  more: Partial<FileState["done"]> = {},
): FileState {
  return {
    ...{ name, at: "", begun: [], isOpen: false },
    done: {
      ...{ event: "done", at: "", name, input: `/data/${name}`, size: 0 },
      ...{ modified: 0, hash: "", setup: "a", seconds: 0 },
      counts: { width: 20, height: 10, objects: 4, area: 80, foreground: 90 },
      outputs: [{ path: `${name}.png`, size: 1 }],
      ...more,
    },
  };
}

/** The page's facts, and its tables' rows as texts. */
async function pageOf(records: readonly FileState[]) {
  for (const { done } of records) {
    for (const { path } of done?.outputs ?? []) {
      await Deno.writeTextFile(`${folder}/${path}`, "1");
    }
  }
  const path = `${folder}/summary.html`;
  await writePage(path, {
    ...{ records, folder, setupOf: (id) => setups[id] },
    modelNames: { "0123456789abcdef": "nuclei" },
  });
  const page = await Deno.readTextFile(path);
  const plain = (text: string) => text.replace(/<[^>]*>/g, "");
  return {
    page,
    facts: Object.fromEntries(
      [...page.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g)]
        .map(([, name, value]) => [plain(name!), plain(value!)]),
    ),
    rows: [...page.matchAll(/<tr>(.*?)<\/tr>/g)]
      .map(([, row]) => plain(row!.replaceAll("</td>", "|"))),
  };
}

Deno.test("writePage() says models, thresholds and pixel sizes of what it shows", async () => {
  const pixelSize = { x: 0.5, y: 0.5 };
  const { facts, page } = await pageOf([
    done("a", { pixelSize, sizes: { "17": 4 } }),
    done("b", { pixelSize: { x: 0.50001, y: 0.5 } }),
  ]);
  assertEquals(facts.Model, "nuclei (0123456789ab)");
  assertEquals([facts.Threshold, facts["Pixel size"]], ["0.5", "0.5 µm"]);
  assert(page.includes("area in µm²") && page.includes(">5.0<"));
  const mixed = await pageOf([
    done("a", { pixelSize: { x: 0.25, y: 0.5 }, sizes: { "17": 4 } }),
    done("b", { setup: "b" }),
    done("c", { setup: "unknown", pixelSize }),
  ]);
  assertEquals(mixed.facts.Model, "nuclei (0123456789ab), fedcba987654");
  assertEquals(mixed.facts.Threshold, "0.5, 0.7");
  assertEquals(mixed.facts.Note, "3 different settings or models");
  assertEquals(
    mixed.facts["Pixel size"],
    "0.25 × 0.5 µm, 0.5 µm; not known of 1 image",
  );
  assert(mixed.page.includes("area in pixels"));
});

Deno.test("writePage() lists a failure without the machine's folders, and keeps the row of an image that was segmented earlier", async () => {
  const failed = {
    ...{ event: "failed", at: "", name: "x", input: "/data/x" } as const,
    error: `Cannot read image "/data/x": found in ${folder}/x.png`,
  };
  const { page, rows } = await pageOf([{ ...done("x"), failed }]);
  assertEquals(rows.slice(1), [
    "xCannot read image &quot;x&quot;: found in x.png|",
    "OverlayImageSize in pixelsObjectsShare of pixelsMean area in pixels",
    "|x20 × 10|4|45.0 %|20.0|",
  ]);
  assert(!page.includes("/data/") && !page.includes(folder));
});

Deno.test("writePage() leaves out images whose outputs were removed, and pictures that were", async () => {
  const outputs = [
    { path: "y.png", size: 1 },
    { path: "y.jpg", size: 1 },
  ];
  const records = [done("y", { outputs }), done("z")];
  assertEquals((await pageOf(records)).page.match(/<img/g)?.length, 1);
  await Deno.remove(`${folder}/y.jpg`);
  await Deno.remove(`${folder}/z.png`);
  const path = `${folder}/summary.html`;
  await writePage(path, { records, folder, setupOf: () => undefined });
  const page = await Deno.readTextFile(path);
  assertEquals(page.match(/<img/g), null);
  assertEquals(page.match(/<th scope="row">/g)?.length, 1);
});
