import { join } from "@std/path";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { decodeImage, encodePng, type Image } from "@unet/data";
import { FileError, ModelError } from "@unet/errors";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import type { Predict } from "../windows/predict.ts";
import { segment } from "./segment.ts";
import type { SegmentReport } from "./segment_report.ts";
import { red } from "../fixtures/red.ts";

/** Small windows, to be quick. */
const quick = { predict: red, settings: { tile: 16, margin: 4 } };

/** A bright square, a quarter of the image, on black. */
function square(width: number, height: number): Image {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height / 2; y++) {
    data.fill(255, y * width, y * width + width / 2);
  }
  return { width, height, channels: 1, depth: 8, data };
}

async function inFolder(
  files: Record<string, Uint8Array>,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of Object.entries(files)) {
      await Deno.mkdir(join(folder, name, ".."), { recursive: true });
      await Deno.writeFile(join(folder, name), bytes);
    }
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** All files below a folder but the manifest's, sorted. */
async function filesBelow(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (entry.name.includes("manifest")) continue;
    if (!entry.isDirectory) names.push(entry.name);
    else {
      const below = await filesBelow(join(folder, entry.name));
      names.push(...below.map((name) => `${entry.name}/${name}`));
    }
  }
  return names.sort();
}

async function readImage(path: string): Promise<Image> {
  return await decodeImage(await Deno.readFile(path), path);
}

/** Inputs without their folder, `!` before those that failed. */
function outcome(report: SegmentReport, folder: string): string[] {
  return report.files.map((file) =>
    ("error" in file ? "!" : "") + file.input.slice(folder.length + 1)
  );
}

function errorOf(report: SegmentReport, ending: string): Error {
  const file = report.files.find(({ input }) => input.endsWith(ending));
  assert(file && "error" in file, `${ending} has no error`);
  return file.error;
}

const png = await encodePng(square(20, 10));

Deno.test("segment() writes a mask of the image's size and an overlay, and reports them", async () => {
  await inFolder({ "cells/a.png": png }, async (folder) => {
    const input = join(folder, "cells/a.png"), out = join(folder, "out/deep");
    const report = await segment([input], {
      ...quick,
      out,
      formats: ["png", "overlay"],
    });
    const [file] = report.files;
    assert(file && "foreground" in file);
    const { seconds, ...rest } = file;
    assertEquals(rest, {
      input,
      outputs: {
        png: join(out, "a.png"),
        overlay: join(out, "a_overlay.png"),
      },
      width: 20,
      height: 10,
      foreground: 0.25,
      objects: 1,
      area: 50,
      notes: [],
      written: [join(out, "a.png"), join(out, "a_overlay.png")],
      kept: [],
      otherKind: [],
      stale: [],
    });
    assert(seconds > 0 && report.seconds >= seconds);
    assertEquals([report.segmented, report.failed], [1, 0]);
    assertEquals(await readImage(rest.outputs.png!), square(20, 10));
    const overlay = await readImage(rest.outputs.overlay!);
    assertEquals([overlay.width, overlay.height, overlay.channels], [
      20,
      10,
      3,
    ]);
    assertEquals(await filesBelow(out), ["a.png", "a_overlay.png"]);
  });
});

Deno.test("segment() decides by the threshold", async () => {
  const data = new Uint8Array([0, 100, 150, 255]);
  const gray = { width: 4, height: 1, channels: 1, depth: 8, data } as const;
  await inFolder({ "a.png": await encodePng(gray) }, async (folder) => {
    const options = { ...quick, out: join(folder, "out"), force: true };
    const shares = [];
    for (const threshold of [0.2, 0.5, 0.8]) {
      const settings = { ...quick.settings, threshold };
      const report = await segment([folder], { ...options, settings });
      const [file] = report.files;
      shares.push(file && "foreground" in file && file.foreground);
    }
    assertEquals(shares, [0.75, 0.5, 0.25]);
    await assertRejects(
      () => segment([folder], { ...options, settings: { threshold: 50 } }),
      RangeError,
      "found threshold 50",
    );
  });
});

Deno.test("segment() takes 16 bits, CMYK, palettes and one pixel, and reports what is no image", async () => {
  const white = { ...square(1, 1), data: new Uint8Array([255]) };
  const wide = new Uint16Array(30 * 7).fill(300).fill(4000, 0, 100);
  const bomb = png.slice();
  const header = new DataView(bomb.buffer, 16);
  header.setUint32(0, 30_000);
  header.setUint32(4, 30_000);
  header.setUint32(13, crc32(bomb.subarray(12, 29)));
  const rgb = sharp({
    create: { width: 33, height: 17, channels: 3, background: "#ff2010" },
  });
  await inFolder({
    "1x1.png": await encodePng(white),
    "bomb.png": bomb,
    "cmyk.jpg": await rgb.clone().toColorspace("cmyk").jpeg().toBuffer(),
    "empty.png": new Uint8Array(),
    "good.png": png,
    "grey16.png": await encodePng({
      width: 30,
      height: 7,
      channels: 1,
      depth: 16,
      data: wide,
    }),
    "palette.png": await rgb.clone().png({ palette: true }).toBuffer(),
    "text.png": new TextEncoder().encode("not an image\n"),
    "truncated.png": png.subarray(0, png.length - 20),
  }, async (folder) => {
    const out = join(folder, "out");
    const report = await segment([folder], {
      ...quick,
      out,
      formats: ["png", "overlay"],
    });
    assertEquals(outcome(report, folder), [
      "1x1.png",
      "!bomb.png",
      "cmyk.jpg",
      "!empty.png",
      "good.png",
      "grey16.png",
      "palette.png",
      "!text.png",
      "!truncated.png",
    ]);
    assertEquals([report.segmented, report.failed], [5, 4]);
    for (const name of ["bomb", "empty", "text", "truncated"]) {
      const error = errorOf(report, `${name}.png`);
      assertInstanceOf(error, FileError);
      assertStringIncludes(error.message, `Cannot read image "${folder}`);
    }
    const sizes: Record<string, [number, number, number]> = {
      "1x1": [1, 1, 1],
      cmyk: [33, 17, 1],
      good: [20, 10, 0.25],
      grey16: [30, 7, 100 / 210],
      palette: [33, 17, 1],
    };
    for (const [name, [width, height, share]] of Object.entries(sizes)) {
      const mask = await readImage(join(out, `${name}.png`));
      assertEquals([mask.width, mask.height, mask.channels, mask.depth], [
        width,
        height,
        1,
        8,
      ]);
      const objects = mask.data.filter((value) => value === 255).length;
      assertAlmostEquals(objects / mask.data.length, share, 1e-9, name);
    }
    assertEquals((await filesBelow(out)).length, 10);
  });
});

Deno.test("segment() refuses more pixels than maxPixels", async () => {
  await inFolder({ "a.png": png }, async (folder) => {
    const out = join(folder, "out");
    const report = await segment([folder], { ...quick, out, maxPixels: 199 });
    assertStringIncludes(errorOf(report, "a.png").message, "at most 199");
  });
});

Deno.test("segment() takes folders in natural order, with sub-folders and without hidden files", async () => {
  await inFolder({
    "cell10.png": png,
    "cell2.PNG": png,
    "notes.txt": png,
    ".hidden.png": png,
    ".cache/x.png": png,
    "sub/cell2.png": png,
  }, async (folder) => {
    const out = join(folder, "out");
    const report = await segment([folder], { ...quick, out });
    assertEquals(outcome(report, folder), [
      "cell2.PNG",
      "cell10.png",
      "sub/cell2.png",
    ]);
    assertEquals(await filesBelow(out), [
      "cell10.png",
      "cell2.png",
      "sub/cell2.png",
    ]);
  });
});

Deno.test("segment() does not read masks back from an output folder inside the input", async () => {
  await inFolder({ "a.png": png, "b/c.png": png }, async (folder) => {
    const options = { ...quick, out: join(folder, "b/out") };
    const first = await segment([folder], options);
    const again = await segment([folder], { ...options, force: true });
    assertEquals(outcome(again, folder), outcome(first, folder));
    await Deno.symlink(join(folder, "b/out"), join(folder, "link"));
    const linked = await segment([folder], {
      ...options,
      out: join(folder, "link"),
      force: true,
    });
    assertEquals(outcome(linked, folder), ["a.png", "b/c.png"]);
  });
});

Deno.test("segment() follows links to files and not to folders, and reports those to nothing", async () => {
  await inFolder({ "in/a.png": png, "far/b.png": png }, async (folder) => {
    await Deno.symlink(join(folder, "far/b.png"), join(folder, "in/b.png"));
    await Deno.symlink(join(folder, "gone.png"), join(folder, "in/c.png"));
    await Deno.symlink(join(folder, "in"), join(folder, "in/d.png"));
    const report = await segment([join(folder, "in")], {
      ...quick,
      out: join(folder, "out"),
    });
    assertEquals(outcome(report, join(folder, "in")), [
      "a.png",
      "b.png",
      "!c.png",
    ]);
  });
});

Deno.test("segment() reports files of microscopes that are not read, whatever else has their names", async () => {
  const lif = new TextEncoder().encode("not a LIF file");
  await inFolder(
    { "in/a.png": png, "in/b.lif": lif, "in/b.nd2": lif },
    async (folder) => {
      const report = await segment([join(folder, "in")], {
        ...quick,
        out: join(folder, "out"),
      });
      assertEquals(outcome(report, join(folder, "in")), [
        ...["a.png", "!b.lif", "!b.nd2"],
      ]);
    },
  );
});

Deno.test("segment() segments an image once that is given twice", async () => {
  await inFolder({ "a.png": png, "b.png": png }, async (folder) => {
    const b = join(folder, "b.png");
    const report = await segment([b, folder, b], {
      ...quick,
      out: join(folder, "out"),
    });
    assertEquals(outcome(report, folder), ["b.png", "a.png"]);
  });
});

Deno.test("segment() refuses two images that would make one output, before any work", async () => {
  const jpg = await sharp(png).jpeg().toBuffer();
  await inFolder({
    "1/a.png": png,
    "1/a.jpg": jpg,
    "2/a.png": png,
    "2/a_overlay.png": png,
  }, async (folder) => {
    const out = join(folder, "out");
    const one = join(folder, "1"), two = join(folder, "2");
    const error = await assertRejects(
      () => segment([one], { ...quick, out }),
      FileError,
    );
    assertEquals(
      error.message,
      `Cannot write output "${out}/a.png": found two inputs that would make it, "${one}/a.jpg" and "${one}/a.png"; segment them one by one, into different folders`,
    );
    await assertRejects(
      () => segment([join(one, "a.png"), two], { ...quick, out }),
      FileError,
      "found two inputs",
    );
    await assertRejects(
      () => segment([two], { ...quick, out, formats: ["png", "overlay"] }),
      FileError,
      "a_overlay.png",
    );
    assertEquals(await filesBelow(out), []);
    assertEquals((await segment([two], { ...quick, out })).segmented, 2);
  });
});

Deno.test("segment() replaces an output only if forced", async () => {
  await inFolder({ "a.png": png, "b.png": png }, async (folder) => {
    const out = join(folder, "out");
    await Deno.mkdir(out);
    await Deno.writeTextFile(join(out, "a.png"), "mine");
    const report = await segment([folder], { ...quick, out });
    assertEquals(outcome(report, folder), ["!a.png", "b.png"]);
    assertEquals(
      errorOf(report, "a.png").message,
      `Cannot write output "${out}/a.png": found a file of that name; use \`force\` to replace it`,
    );
    assertEquals(await Deno.readTextFile(join(out, "a.png")), "mine");
    const forced = await segment([folder], { ...quick, out, force: true });
    assertEquals(forced.failed, 0);
    assertEquals(await readImage(join(out, "a.png")), square(20, 10));
  });
});

Deno.test("segment() never replaces an input, forced or not", async () => {
  await inFolder({ "a.png": png }, async (folder) => {
    for (const force of [false, true]) {
      await assertRejects(
        () => segment([folder], { ...quick, out: folder, force }),
        FileError,
        "found the output folder",
      );
      await assertRejects(
        () =>
          segment([join(folder, "a.png")], { ...quick, out: folder, force }),
        FileError,
        "found an input of that name; choose another output folder",
      );
    }
    assertEquals(await Deno.readFile(join(folder, "a.png")), png);
    assertEquals(await filesBelow(folder), ["a.png"]);
  });
});

Deno.test("segment() refuses a missing input, a folder without images, and no input", async () => {
  await inFolder({ "a.png": png, "empty/x.txt": png }, async (folder) => {
    const options = { ...quick, out: join(folder, "out") };
    await assertRejects(
      () => segment([folder, join(folder, "gone")], options),
      FileError,
      `Cannot read input "${folder}/gone": found no such file or folder`,
    );
    await assertRejects(
      () => segment([join(folder, "empty")], options),
      FileError,
      `Cannot segment folder "${folder}/empty": found no image in it, expected files ending in .png, .jpg`,
    );
    await assertRejects(
      () => segment(["/dev/null"], options),
      FileError,
      "found neither a file nor a folder",
    );
    await assertRejects(() => segment([], options), RangeError, "no input");
    assertEquals(await filesBelow(folder), ["a.png", "empty/x.txt"]);
  });
});

Deno.test("segment() refuses an output folder that cannot be written, before any work", async () => {
  await inFolder({ "a.png": png, "file": png }, async (folder) => {
    let ran = false;
    const predict: Predict = (...given) => {
      ran = true;
      return red(...given);
    };
    for (const out of [join(folder, "file"), join(folder, "file/below")]) {
      await assertRejects(
        () => segment([join(folder, "a.png")], { ...quick, predict, out }),
        FileError,
        `Cannot write into output folder "${out}": found `,
      );
    }
    assert(!ran);
  });
});

Deno.test("segment() reports an output that cannot be written and continues", async () => {
  await inFolder({ "a.png": png, "b.png": png }, async (folder) => {
    const out = join(folder, "out");
    await Deno.mkdir(join(out, "a.png"), { recursive: true });
    const report = await segment([folder], { ...quick, out, force: true });
    assertEquals(outcome(report, folder), ["!a.png", "b.png"]);
    assertStringIncludes(errorOf(report, "a.png").message, "Cannot write mask");
    assertEquals(await filesBelow(out), ["b.png"]);
  });
});

Deno.test("segment() reports an image that the network answers with NaN, and leaves no file of it", async () => {
  const dark = await encodePng({ ...square(4, 4), data: new Uint8Array(16) });
  await inFolder({ "a.png": dark, "b.png": png }, async (folder) => {
    const out = join(folder, "out");
    const report = await segment([folder], {
      ...quick,
      out,
      formats: ["png", "overlay"],
      predict: async (x, shape) => {
        const result = await red(x, shape);
        return x.some((value) => value > 0) ? result : result.fill(NaN);
      },
    });
    const error = errorOf(report, "a.png");
    assertInstanceOf(error, ModelError);
    assertStringIncludes(error.message, 'tile "4×4 at 0,0": found');
    assertEquals(await filesBelow(out), ["b.png", "b_overlay.png"]);
  });
});

Deno.test("segment() passes on what is no fault of an image", async () => {
  await inFolder({ "a.png": png, "b.png": png }, async (folder) => {
    await assertRejects(
      () =>
        segment([folder], {
          ...quick,
          out: join(folder, "out"),
          predict: () => Promise.reject(new TypeError("broken program")),
        }),
      TypeError,
      "broken program",
    );
  });
});

Deno.test("segment() ends between batches when its signal is aborted, and leaves whole files alone", async () => {
  await inFolder(
    { "a.png": png, "b.png": png, "c.png": png },
    async (folder) => {
      const out = join(folder, "out");
      const controller = new AbortController();
      const inputs: string[] = [];
      await assertRejects(
        () =>
          segment([folder], {
            ...quick,
            out,
            formats: ["png", "overlay"],
            batchSize: 1,
            signal: controller.signal,
            onFile: ({ input }) => inputs.push(input),
            onProgress: ({ filesDone, windowsDone }) => {
              if (filesDone === 1 && windowsDone === 1) {
                controller.abort(new Error("Ctrl-C"));
              }
            },
          }),
        Error,
        "Ctrl-C",
      );
      assertEquals(inputs, [join(folder, "a.png")]);
      assertEquals(await filesBelow(out), ["a.png", "a_overlay.png"]);
      const done = await Deno.readFile(join(out, "a.png"));
      await assertRejects(
        () => segment([folder], { ...quick, out, signal: controller.signal }),
        Error,
        "Ctrl-C",
      );
      assertEquals(await Deno.readFile(join(out, "a.png")), done);
    },
  );
});

Deno.test("segment() reports how far an image and the whole batch are", async () => {
  await inFolder({ "a.png": png, "b.png": png.subarray(9) }, async (folder) => {
    const reported: unknown[] = [];
    await segment([folder], {
      ...quick,
      out: join(folder, "out"),
      batchSize: 1,
      onFile: (file, done, total) =>
        reported.push([file.input.at(-5), "error" in file, done, total]),
      onProgress: ({ input, megapixelsPerSecond, secondsLeft, ...counts }) => {
        assert(megapixelsPerSecond > 0);
        // Not known in the first second.
        assertEquals(secondsLeft, undefined);
        reported.push([input.at(-5), ...Object.values(counts)]);
      },
    });
    assertEquals(reported, [
      ["a", 0.25, 0, 2, 1, 2, 200],
      ["a", 0.5, 0, 2, 2, 2, 200],
      ["a", false, 1, 2],
      ["b", true, 2, 2],
    ]);
  });
});
