import { fromFileUrl, join } from "@std/path";
import { assert, assertEquals } from "@std/assert";
import { encodePng } from "@unet/data";
import { MeasuredChannels } from "./measured_channels.ts";
import { openSource, type SourceOptions } from "./open_source.ts";
import { TiffWriter } from "../outputs/tiff_writer.ts";
import { segment } from "./segment.ts";
import { inFolder } from "../fixtures/in_folder.ts";
import { red } from "../fixtures/red.ts";

const fixture = (name: string): string =>
  fromFileUrl(new URL(`../fixtures/${name}`, import.meta.url));

type Row = Record<string, string>;

function rowsOf(csv: string): Row[] {
  const [names = "", ...lines] = csv.trimEnd().split(/\r?\n/);
  return lines.map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(
      names.split(",").map((name, at) => [name, cells[at]!]),
    );
  });
}

Deno.test("segment() measures every channel as scikit-image does, whichever the network sees", () =>
  inFolder(async (out) => {
    const expected = rowsOf(await Deno.readTextFile(fixture("channels.csv")));
    for (const channel of ["DAPI", 0]) {
      await segment([fixture("channels.ome.tif")], {
        ...{ predict: red, out, formats: ["csv"], force: true },
        settings: {
          ...{ channel, tile: 16, margin: 8, instances: { minimalArea: 1 } },
        },
      });
      const found = rowsOf(await Deno.readTextFile(join(out, "channels.csv")));
      assertEquals(found.length, expected.length);
      for (const [at, row] of expected.entries()) {
        const { probability, ...measured } = found[at]!;
        assert(Number(probability) > 0.5);
        assertEquals(Object.keys(measured), Object.keys(row));
        for (const [name, value] of Object.entries(row)) {
          const difference = Math.abs(Number(measured[name]) - Number(value));
          // A table has 10 digits.
          assert(
            difference <= 1e-9 * Math.max(1, Math.abs(Number(value))),
            `${name} of object ${at + 1}: ${measured[name]}, ${value}`,
          );
        }
      }
    }
  }));

async function namesOf(path: string, options: SourceOptions = {}) {
  await using source = await openSource(path, options);
  await using channels = await MeasuredChannels.open(path, source, options);
  const read = await channels.read({ x: 1, y: 0, width: 1, height: 1 });
  return read.map(({ name, pixels, sample = 0 }) => [
    ...[name, pixels.data[sample]],
  ]);
}

Deno.test("MeasuredChannels reads color but alpha, also where the network sees one of it", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.png");
    await Deno.writeFile(
      path,
      await encodePng({
        ...{ width: 2, height: 1, channels: 4, depth: 8 },
        data: new Uint8Array([1, 2, 3, 4, 50, 60, 70, 80]),
      }),
    );
    const colors = [["red", 50], ["green", 60], ["blue", 70]];
    assertEquals(await namesOf(path), colors);
    assertEquals(await namesOf(path, { channel: "green" }), colors);
    assertEquals(await namesOf(path, { channel: "max" }), colors);
  }));

Deno.test("MeasuredChannels calls a single channel without a name gray", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.tif");
    await using tiff = await TiffWriter.open(path, {
      ...{ width: 2, height: 1, type: "uint8" },
    });
    await tiff.writeRows(new Uint8Array([7, 9]));
    await tiff.finish();
    assertEquals(await namesOf(path), [["gray", 9]]);
    assertEquals(await namesOf(path, { channel: 0 }), [["gray", 9]]);
  }));

Deno.test("segment() measures the channels of other files too, and finds objects in the file's own", () =>
  inFolder(async (out) => {
    const files = ["uuid-c0.ome.tif", "uuid-c1.ome.tif"];
    const series = new URL("../../data/fixtures/series/", import.meta.url);
    const tables: Row[][] = [], foreground: number[] = [];
    for (const file of files) {
      const report = await segment([fromFileUrl(new URL(file, series))], {
        ...{ predict: red, out, formats: ["csv"] },
        settings: {
          ...{ tile: 16, margin: 8, threshold: 0.3 },
          instances: { minimalArea: 1 },
        },
      });
      const [done] = report.files;
      assert(done && "outputs" in done);
      foreground.push(done.foreground!);
      tables.push(rowsOf(await Deno.readTextFile(done.outputs.csv!)));
    }
    for (const [row] of tables) {
      assert(row, "no object");
      assert(
        "mean_Phase" in row && "mean_DAPI" in row,
        Object.keys(row).join(),
      );
    }
    // Each file means its own channel, where other pixels are bright.
    assert(foreground[0] !== foreground[1], foreground.join());
  }));
