import { join } from "@std/path";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { decodeImage, encodePng, type Image } from "@unet/data";
import { FileError } from "@unet/errors";
import type { OutputFormat } from "../formats/formats.ts";
import type { Predict } from "../windows/predict.ts";
import { segment } from "./segment.ts";
import type { SegmentOptions } from "./segment_options.ts";
import type {
  SegmentedFile,
  SegmentReport,
  SkippedFile,
} from "./segment_report.ts";

/** A gray image with discs, one of which touches the edge. */
function discs(width: number, height: number, shift = 0): Image {
  const data = new Uint8Array(width * height).fill(20);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isInside = [[12 + shift, 10, 7], [40, 22, 9], [0, 30, 6]]
        .some(([cx, cy, r]) => (x - cx!) ** 2 + (y - cy!) ** 2 <= r! ** 2);
      if (isInside) data[y * width + x] = 230;
    }
  }
  return { width, height, channels: 1, depth: 8, data };
}

/** A folder with images, an output folder, and a network that counts its runs. */
interface Place {
  readonly out: string;
  at(...names: string[]): string;
  /** Runs a batch; the number is how often the network was run. */
  run(
    options?: Partial<SegmentOptions>,
    inputs?: readonly string[],
  ): Promise<[SegmentReport, number]>;
  /** The outputs, as hexadecimal; the manifest aside. */
  contents(): Promise<Record<string, string>>;
}

async function inPlace(work: (place: Place) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const out = join(folder, "out");
  const at = (...names: string[]) => join(folder, ...names);
  let runs = 0;
  const predict: Predict = (x) => {
    runs++;
    return Promise.resolve(x.filter((_, index) => index % 3 === 0));
  };
  const contents = async (below = ""): Promise<Record<string, string>> => {
    const found: Record<string, string> = {};
    for await (const { name, isDirectory } of Deno.readDir(join(out, below))) {
      if (name.includes("manifest")) continue;
      const path = join(below, name);
      if (isDirectory) Object.assign(found, await contents(path));
      else found[path] = (await Deno.readFile(join(out, path))).toHex();
    }
    return Object.fromEntries(Object.entries(found).sort());
  };
  try {
    await Deno.mkdir(at("in/b"), { recursive: true });
    await Deno.writeFile(at("in/a.png"), await encodePng(discs(60, 40)));
    await Deno.writeFile(at("in/b/c.png"), await encodePng(discs(50, 36, 4)));
    await work({
      ...{ out, at, contents: () => contents() },
      async run(options, inputs = [at("in")]) {
        const before = runs;
        const report = await segment(inputs, {
          ...{ predict, out, model: "0123" },
          ...options,
          settings: { tile: 64, margin: 0, ...options?.settings },
        });
        return [report, runs - before];
      },
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function errorsOf({ files }: SegmentReport): string[] {
  return files.flatMap((file) => "error" in file ? [file.error.message] : []);
}

function segmentedOf({ files }: SegmentReport): SegmentedFile[] {
  return files.filter((file): file is SegmentedFile => "foreground" in file);
}

function skippedOf({ files }: SegmentReport): SkippedFile[] {
  return files.filter((file): file is SkippedFile => "skipped" in file);
}

/** A table's rows, by the columns `file` and `label`. */
async function rowsOf(path: string): Promise<string[]> {
  const [, ...rows] = (await Deno.readTextFile(path)).trimEnd().split("\r\n");
  return rows.map((row) => row.split(",").slice(0, 2).join(" "));
}

const formats = [
  ...["png", "tiff", "probability", "overlay"],
  ...["labels", "ome-zarr", "geojson", "roi", "coco", "csv"],
] as readonly OutputFormat[];

Deno.test("segment() adds formats one by one, as one run would have written them all", async () => {
  for (const style of ["mask", "instances"] as const) {
    const shared = { summary: true, overlayStyle: style };
    let whole: Record<string, string> = {};
    await inPlace(async ({ run, contents }) => {
      assertEquals(errorsOf((await run({ formats, ...shared }))[0]), []);
      whole = await contents();
    });
    await inPlace(async ({ run, contents, out }) => {
      for (const count of formats.keys()) {
        const some = formats.slice(0, count + 1);
        const [report] = await run({ formats: some, overlayStyle: style });
        assertEquals(errorsOf(report), []);
        assertEquals([report.segmented, report.skipped], [2, 0]);
        for (const { kept } of segmentedOf(report)) {
          assertEquals(kept.length, count);
        }
      }
      const [report, runs] = await run({ formats, ...shared });
      assertEquals([report.segmented, runs], [2, 0]);
      const found = await contents();
      assertEquals(Object.keys(found), Object.keys(whole));
      for (const [path, bytes] of Object.entries(whole)) {
        if (path === "summary.html") continue;
        assert(found[path] === bytes, `${path} differs with ${style}`);
      }
      assertEquals(
        (await Deno.readTextFile(join(out, "summary.html")))
          .match(/<img/g)?.length,
        2,
      );
    });
  }
});

Deno.test("segment() draws overlays and pictures from a mask that is there, without the network", () =>
  inPlace(async ({ run }) => {
    assertEquals((await run())[1], 2);
    const [report, runs] = await run({ formats: ["png", "overlay", "tiff"] });
    assertEquals(runs, 0);
    assertEquals(
      segmentedOf(report).map(({ kept, drawnFrom, objects }) => [
        ...[kept, drawnFrom, objects],
      ]),
      [[["a.png"], "mask", 3], [["b/c.png"], "mask", 3]],
    );
    // Instances are not in the mask.
    assertEquals((await run({ formats: ["png", "labels"] }))[1], 2);
    const [drawn, none] = await run({
      ...{ formats: ["png", "labels"], summary: true },
    });
    assertEquals(none, 0);
    assertEquals(segmentedOf(drawn).map(({ drawnFrom }) => drawnFrom), [
      "labels",
      "labels",
    ]);
  }));

Deno.test("segment() keeps the pictures of the summary when it runs again, with files of earlier runs", () =>
  inPlace(async ({ run, at, out }) => {
    const page = async () => {
      const text = await Deno.readTextFile(join(out, "summary.html"));
      const images = [
        ...text.matchAll(/<img alt="Overlay of (.*?)".*?src="(.*?)"/g),
      ];
      for (const [, , path] of images) await Deno.stat(join(out, path!));
      return images.map(([, name]) => name);
    };
    await run({ summary: true });
    assertEquals(await page(), ["a.png", "b/c.png"]);
    const [again, runs] = await run({ summary: true });
    assertEquals([again.skipped, runs], [2, 0]);
    assertEquals(await page(), ["a.png", "b/c.png"]);
    // A run over other images of the same folder keeps these.
    await Deno.writeFile(at("in/b/d.png"), await encodePng(discs(60, 40)));
    await run({ summary: true }, [at("in")]);
    assertEquals(await page(), ["a.png", "b/c.png", "b/d.png"]);
    await Deno.remove(join(out, "summary/b/c.jpg"));
    assertEquals((await run({ summary: true }))[1], 0);
    assertEquals(await page(), ["a.png", "b/c.png", "b/d.png"]);
    const text = await Deno.readTextFile(join(out, "summary.html"));
    assert(!text.includes(at("in")) && !text.includes(out), text);
  }));

Deno.test("segment() lists failures in the summary by their names, without the machine's folders", () =>
  inPlace(async ({ run, at, out }) => {
    await Deno.writeTextFile(at("in/b/bad.png"), "no image");
    const [report] = await run({ summary: true });
    assertEquals([report.segmented, report.failed], [2, 1]);
    const text = await Deno.readTextFile(join(out, "summary.html"));
    assert(
      text.includes("Cannot read image &quot;b/bad.png&quot;: found a text"),
    );
    assert(!text.includes(at("in")), text);
  }));

Deno.test("segment() keeps the pictures of images that other settings are refused for, and the settings that made them", () =>
  inPlace(async ({ run, out }) => {
    const page = async (): Promise<[number, string[]]> => {
      const text = await Deno.readTextFile(join(out, "summary.html"));
      const facts = [
        ...text.matchAll(/<dt>(?:<bdi>)?(.*?)(?:<.bdi>)?<.dt><dd>(.*?)<.dd>/g),
      ].map(([, name, value]) => `${name} ${value!.replace(/<[^>]*>/g, "")}`)
        .filter((fact) => /^(Failed|Model|Threshold|Note)/.test(fact));
      return [text.match(/<img/g)?.length ?? 0, facts];
    };
    const named = { summary: true, modelName: "nuclei" };
    await run(named);
    assertEquals(await page(), [
      2,
      ["Failed 0", "Model nuclei (0123)", "Threshold 0.5"],
    ]);
    const [refused] = await run({
      ...named,
      settings: { threshold: 0.7 },
    });
    assertEquals([refused.failed, refused.summary], [2, undefined]);
    // Nothing was written, the page included.
    assertEquals(await page(), [
      2,
      ["Failed 0", "Model nuclei (0123)", "Threshold 0.5"],
    ]);
    await run({
      ...{ ...named, model: "4567", force: true },
      settings: { threshold: 0.7 },
    }, [join(out, "../in/a.png")]);
    assertEquals((await page())[1], [
      ...["Failed 1", "Model nuclei (4567), 0123", "Threshold 0.7, 0.5"],
      "Note 2 different settings or models",
    ]);
  }));

Deno.test("segment() writes one table of all images, complete after any number of runs and each row once", () =>
  inPlace(async ({ run, at, out }) => {
    const table = join(out, "measurements.csv"), csv = ["csv"] as const;
    const a = [1, 2, 3].map((label) => `a.png ${label}`);
    const c = [1, 2, 3].map((label) => `b/c.png ${label}`);
    await run({ formats: csv }, [at("in/a.png")]);
    assertEquals(await rowsOf(table), a);
    const [report] = await run({ formats: csv });
    assertEquals([report.segmented, report.skipped], [1, 1]);
    assertEquals(await rowsOf(table), [...a, ...c]);
    assertEquals(report.table, {
      ...{ path: table, images: 2, stacks: 0, objects: 6, sections: 6 },
      ...{ classes: 0, faults: [], setups: 1 },
    });
    await run({ formats: ["csv", "png"] });
    await run({ formats: csv, force: true }, [at("in/a.png")]);
    assertEquals(await rowsOf(table), [...a, ...c]);
    // A failed image has no rows, and takes none of the others.
    await Deno.writeTextFile(at("in/bad.png"), "no image");
    await run({ formats: csv });
    assertEquals(await rowsOf(table), [...a, ...c]);
  }));

Deno.test("segment() has the finished images in the table and in the summary when it is interrupted", () =>
  inPlace(async ({ run, at, out }) => {
    const options = { formats: ["csv"], summary: true } as const;
    // More than are under way at once.
    const count = 40;
    for (let number = 2; number < count; number++) {
      await Deno.copyFile(at("in/a.png"), at(`in/d${number}.png`));
    }
    const stop = new AbortController();
    await assertRejects(() =>
      run({ ...options, signal: stop.signal, onFile: () => stop.abort() })
    );
    const files = async () => {
      const rows = await rowsOf(join(out, "measurements.csv"));
      const page = await Deno.readTextFile(join(out, "summary.html"));
      const pictures = page.match(/<img/g)?.length ?? 0;
      assertEquals(rows.length, 3 * pictures);
      assertEquals(new Set(rows).size, rows.length);
      return pictures;
    };
    const finished = await files();
    assert(finished > 0 && finished < count, `${finished}`);
    await run(options);
    assertEquals(await files(), count);
  }));

Deno.test("segment() says how many settings and models the rows of a table were made with", () =>
  inPlace(async ({ run, at, out }) => {
    await run({ formats: ["csv"] }, [at("in/a.png")]);
    const [report] = await run(
      { formats: ["csv"], model: "4567" },
      [at("in/b/c.png")],
    );
    assertEquals(report.table?.setups, 2);
    const [header = "", ...rows] =
      (await Deno.readTextFile(join(out, "measurements.csv"))).trimEnd()
        .split("\r\n");
    assert(header.endsWith(",setup"));
    const setups = rows.map((row) => row.slice(row.lastIndexOf(",") + 1));
    assertEquals(new Set(setups).size, 2);
  }));

Deno.test("segment() refuses to add outputs to those of another model or threshold, and names them", () =>
  inPlace(async ({ run, out, contents }) => {
    await run();
    const before = await contents();
    for (
      const [options, found] of [
        [{ model: "4567" }, "model 0123, expected model 4567"],
        [
          { settings: { threshold: 0.7 } },
          "threshold 0.5, expected threshold 0.7",
        ],
        [
          { settings: { instances: { minimalArea: 50 } } },
          "instances.minimalArea 20, expected instances.minimalArea 50",
        ],
      ] as const
    ) {
      const [same] = await run(options);
      assertEquals(same.failed, 2);
      assertEquals(
        errorsOf(same)[0],
        `Cannot write output "${out}/a.png": found one made with ${found}; ` +
          "use `force` to replace it",
      );
      const [more] = await run({ ...options, formats: ["csv"] });
      assertEquals(
        errorsOf(more)[0],
        `Cannot write output "${out}/a.csv": found "a.png" beside it made with ` +
          `${found}; choose another output folder, or use \`force\``,
      );
    }
    const { "measurements.csv": _, ...after } = await contents();
    assertEquals(after, before);
    const [forced] = await run({
      model: "4567",
      force: true,
      formats: ["csv"],
    });
    assertEquals(segmentedOf(forced).map(({ stale }) => stale), [
      ...[["a.png"], ["b/c.png"]],
    ]);
  }));

Deno.test("segment() keeps overlays and pyramids as they are, and reports that they are of another kind", () =>
  inPlace(async ({ run, contents }) => {
    await run({ formats: ["tiff", "overlay"] });
    const before = await contents();
    const [report, runs] = await run({
      ...{ formats: ["tiff", "overlay"], overlayStyle: "instances" },
    });
    assertEquals([report.skipped, runs], [2, 0]);
    assertEquals(skippedOf(report).map(({ otherKind }) => otherKind), [
      ...[["a_overlay.png"], ["b/c_overlay.png"]],
    ]);
    assertEquals(await contents(), before);
    const [more] = await run({
      ...{ formats: ["tiff", "overlay", "labels"] },
    });
    assertEquals(segmentedOf(more).map(({ otherKind }) => otherKind), [
      ...[["a_overlay.png"], ["b/c_overlay.png"]],
    ]);
    const [pyramids] = await run({ formats: ["tiff"], pyramid: true });
    assertEquals(skippedOf(pyramids).map(({ otherKind }) => otherKind), [
      ...[["a.tif"], ["b/c.tif"]],
    ]);
  }));

Deno.test("segment() refuses before any work to replace a table or a page of another program", () =>
  inPlace(async ({ run, at, out }) => {
    await Deno.mkdir(out);
    for (const name of ["measurements.csv", "summary.html"]) {
      await Deno.writeTextFile(join(out, name), "my own");
      const options = { formats: ["csv"], summary: true } as const;
      await assertRejects(
        () => run(options),
        FileError,
        `Cannot write output "${out}/${name}": found a file of that name; ` +
          "move it away, or use `force` to replace it",
      );
      assertEquals(await Deno.readTextFile(join(out, name)), "my own");
      await assertRejects(() => Deno.stat(join(out, "a.csv")));
      await Deno.remove(join(out, name));
    }
    await Deno.rename(at("in/a.png"), at("in/Measurements.png"));
    await assertRejects(
      () => run({ formats: ["csv"] }),
      FileError,
      "Measurements.csv",
    );
    assertEquals((await run({ formats: ["png"] }))[0].failed, 0);
  }));

Deno.test("segment() refuses to draw from a mask that is not the image's", () =>
  inPlace(async ({ run, out }) => {
    await run();
    await Deno.writeFile(join(out, "a.png"), await encodePng(discs(10, 10)));
    const [report] = await run({ formats: ["png", "overlay"] });
    assertEquals(errorsOf(report), [
      `Cannot draw from output "${out}/a.png": found 10×10 pixels of 1 ` +
      "channel, expected the mask of an image of 60×40; use `force` to " +
      "segment the image again",
    ]);
  }));

Deno.test("segment() draws a picture of at most 1600 pixels a side for the summary", () =>
  inPlace(async ({ run, at, out }) => {
    const large = at("in/large.png");
    await Deno.writeFile(large, await encodePng(discs(2000, 300)));
    await run({ summary: true }, [large]);
    const path = join(out, "summary/large.jpg");
    const { width, height } = await decodeImage(
      await Deno.readFile(path),
      path,
    );
    assertEquals([width, height], [1600, 240]);
  }));

Deno.test("segment() notices that another file of an OME-TIFF changed", () =>
  inPlace(async ({ at, run }) => {
    const names = ["uuid-c0.ome.tif", "uuid-c1.ome.tif"];
    const series = new URL("../../data/fixtures/series/", import.meta.url);
    for (const name of names) {
      await Deno.copyFile(new URL(name, series), at(name));
    }
    const input = [at(names[0]!)];
    const read = (formats: readonly OutputFormat[], force = false) =>
      run({ formats, force }, input);
    await read(["csv"]);
    await Deno.utime(at(names[1]!), 1000, 1000);
    const [touched] = await read(["csv"]);
    assertEquals(touched.skipped, 1);
    const bytes = await Deno.readFile(at(names[1]!));
    await Deno.writeFile(at(names[1]!), bytes.map((byte) => byte ^ 1));
    const [changed] = await read(["csv"]);
    const [file] = changed.files;
    assert(file && "error" in file);
    assertMatch(
      file.error.message,
      /found one made before "uuid-c1.ome.tif" of the image changed; use `force`/,
    );
    await Deno.writeFile(at(names[1]!), bytes);
    const [same] = await read(["csv"]);
    assertEquals(same.skipped, 1);
    // A mask is made of the file's own channel.
    await read(["png"], true);
    await Deno.writeFile(at(names[1]!), bytes.map((byte) => byte ^ 1));
    const [own] = await run({ formats: ["png"], out: at("masks") }, input);
    assertEquals(own.segmented, 1);
  }));
