import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { encodePng } from "@unet/data";
import { FileError, UsageError } from "@unet/errors";
import { FileWriter } from "@unet/files";
import type { Format } from "../formats/format.ts";
import { toPartWriter } from "../formats/to_part_writer.ts";
import { inFolder } from "../fixtures/in_folder.ts";
import { red } from "../fixtures/red.ts";
import { segment } from "./segment.ts";

/** The centers of objects, a line each. */
const centers: Format<"measured"> = {
  help: "centers of objects",
  ending: "_centers.txt",
  takes: "measured",
  async open(path) {
    const file = await FileWriter.open(path, "output");
    const encoder = new TextEncoder();
    return toPartWriter(
      file,
      ({ measurements }) =>
        file.write(encoder.encode(
          measurements.map(({ x, y, width, height }) =>
            `${x + width / 2} ${y + height / 2}\n`
          ).join(""),
        )),
    );
  },
};

/** An image with an object of 8×8 pixels whose center is at 10, 6. */
async function drawInput(folder: string): Promise<string> {
  const path = join(folder, "cell.png"), width = 32, height = 16;
  const data = new Uint8Array(3 * width * height);
  for (let y = 2; y < 10; y++) {
    data.fill(255, 3 * (y * width + 6), 3 * (y * width + 14));
  }
  const shape = { width, height, channels: 3, depth: 8 } as const;
  await Deno.writeFile(path, await encodePng({ ...shape, data }));
  return path;
}

const base = { predict: red, settings: { tile: 32, margin: 8, multiple: 8 } };

Deno.test("segment() writes a format of the program's own beside the others, and a rerun skips it", () =>
  inFolder(async (folder) => {
    const input = await drawInput(folder), out = join(folder, "out");
    const options = { ...base, out, customFormats: { centers } };
    const { files: [file] } = await segment([input], options);
    const outputs = file && "outputs" in file ? file.outputs : {};
    assertEquals(Object.keys(outputs).sort(), ["centers", "png"]);
    const path = outputs["centers"]!;
    assertEquals(path, join(out, "cell_centers.txt"));
    const [line = ""] = (await Deno.readTextFile(path)).split("\n");
    assertEquals(line.split(" ").map(Number), [10, 6]);
    assertEquals((await segment([input], options)).skipped, 1);
    await Deno.remove(path);
    assertEquals((await segment([input], options)).segmented, 1);
    assertEquals((await Deno.stat(path)).isFile, true);
  }));

Deno.test("segment() leaves nothing of an image whose own format fails", () =>
  inFolder(async (folder) => {
    const input = await drawInput(folder), out = join(folder, "out");
    const failing: Format<"measured"> = {
      ...centers,
      open: async (path, image) => ({
        ...await centers.open(path, image),
        write: () => Promise.reject(new FileError("Cannot write: full")),
      }),
    };
    const report = await segment([input], {
      ...{ ...base, out, customFormats: { failing } },
    });
    assertEquals(report.failed, 1);
    const names = [...Deno.readDirSync(out)].map(({ name }) => name);
    assertEquals(names.filter((name) => name.startsWith("cell")), []);
  }));

Deno.test("segment() refuses a format of the program's own before any work", () =>
  inFolder(async (folder) => {
    const input = await drawInput(folder), out = join(folder, "out");
    await assertRejects(
      () => segment([input], { ...base, out, customFormats: { png: centers } }),
      RangeError,
      "found the name of another format",
    );
    await assertRejects(
      () =>
        segment([input], {
          ...{ ...base, out, customFormats: { centers } },
          settings: { ...base.settings, plane: "all" },
        }),
      UsageError,
      'Cannot write format "centers": found `plane all`',
    );
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(names, ["cell.png"]);
  }));
