import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { encodePng, synthesize, writeKaggle } from "@unet/data";
import { TiffWriter } from "@unet/infer/outputs";
import { runInClone } from "./_clone_commands.ts";
import { assertPlain, createPlace, type Place } from "./_unet.ts";

const folder = new URL("../../docs/tutorials/", import.meta.url);

/** What makes a training, or a trial, take a moment. */
const small = [
  ...["--epochs", "1", "--tile", "32", "--batch", "2", "--device", "wasm"],
];

/** Flags that a command gets besides, so that it takes a moment. */
function cutDown(args: readonly string[]): string[] {
  const [command = ""] = args;
  const without = (...names: string[]): string[] =>
    names.reduce((left, name) => {
      const at = left.indexOf(name);
      return at < 0 ? left : left.toSpliced(at, 2);
    }, [...args]);
  if (command === "train") {
    const width = args.includes("--weights") ? [] : ["--width", "0.02"];
    const tiles = args.includes("finetune") ? ["--tiles-per-epoch", "2"] : [];
    const more = [...small, "--workers", "0", ...width, ...tiles];
    return [...without("--epochs", "--width"), ...more];
  }
  if (command === "tune" && !args.includes("--show")) {
    return [...without("--epochs"), ...small, "--width", "0.02"];
  }
  if (command === "synth") return [...args, "--size", "64"];
  return [...args];
}

/** The words of a line, as a shell splits it. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)]
    .map(([, quoted, word]) => quoted ?? word!);
}

/** The commands of a tutorial, in order. */
async function commandsOf(name: string): Promise<string[]> {
  const text = await Deno.readTextFile(new URL(name, folder));
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
    .flatMap(([, block = ""]) => block.trimEnd().split("\n"));
}

const drawn = [...synthesize({ count: 4, width: 64, height: 64, seed: 1 })];

/** Writes images as a TIFF of a microscope. */
async function writeTiff(path: string, count: number): Promise<void> {
  const [width, height] = [64 * count, 64];
  await using tiff = await TiffWriter.open(path, {
    ...{ width, height, channels: 3, type: "uint8" },
  });
  const rows = new Uint8Array(3 * width * height);
  drawn.slice(0, count).forEach(({ image }, place) => {
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 64; x++) {
        for (let c = 0; c < 3; c++) {
          rows[3 * (y * width + 64 * place + x) + c] = image
            .data[image.channels * (64 * y + x) + c % image.channels]!;
        }
      }
    }
  });
  await tiff.writeRows(rows);
  await tiff.finish();
}

/** The files that a tutorial expects a person to have. */
const given: Record<string, (place: Place) => Promise<void>> = {
  "first-model.md": () => Promise.resolve(),
  "slide.md": (place) => writeTiff(place.at("slide.tif"), 4),
  async "plate.md"(place) {
    for (const well of ["A01", "A02"]) {
      await Deno.mkdir(place.at("plate", well), { recursive: true });
      await writeTiff(place.at("plate", well, "field-1.tif"), 1);
    }
    await writeZarrPlate(place);
  },
  async "fine-tune.md"(place) {
    await writeImages(place);
    await writeKaggle(drawn.slice(0, 3), place.at("corrected"));
    await writeKaggle(drawn.slice(3), place.at("others"));
  },
  async "cluster.md"(place) {
    await writeImages(place);
    await writeKaggle(drawn, place.at("cells"));
  },
  async "web-page.md"(place) {
    await writeKaggle(drawn, place.at("cells"));
  },
};

/** A plate in an OME-Zarr 0.4, with one field in one well. */
async function writeZarrPlate(place: Place): Promise<void> {
  const write = async (path: string, about: Record<string, unknown>) => {
    const folder = place.at("plate.zarr", path);
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(join(folder, ".zgroup"), '{"zarr_format": 2}');
    await Deno.writeTextFile(join(folder, ".zattrs"), JSON.stringify(about));
  };
  const version = "0.4", side = 64;
  await write("", {
    plate: {
      ...{ version, rows: [{ name: "B" }], columns: [{ name: "3" }] },
      wells: [{ path: "B/3", rowIndex: 0, columnIndex: 0 }],
    },
  });
  await write("B", {});
  await write("B/3", { well: { version, images: [{ path: "0" }] } });
  const scale = { type: "scale", scale: [1, 1] };
  await write("B/3/0", {
    multiscales: [{
      version,
      axes: ["y", "x"].map((name) => ({ name, type: "space" })),
      datasets: [{ path: "0", coordinateTransformations: [scale] }],
    }],
  });
  const array = place.at("plate.zarr", "B/3/0/0");
  await Deno.mkdir(join(array, "0"), { recursive: true });
  await Deno.writeTextFile(
    join(array, ".zarray"),
    JSON.stringify({
      ...{ zarr_format: 2, shape: [side, side], chunks: [side, side] },
      ...{ dtype: "|u1", compressor: null, filters: null, fill_value: 0 },
      ...{ order: "C", dimension_separator: "/" },
    }),
  );
  const { image: { data, channels } } = drawn[0]!;
  const gray = Uint8Array.from(
    { length: side * side },
    (_, at) => data[at * channels]!,
  );
  await Deno.writeFile(join(array, "0/0"), gray);
}

async function writeImages(place: Place): Promise<void> {
  await Deno.mkdir(place.at("images"));
  for (const { id, image } of drawn.slice(0, 2)) {
    await Deno.writeFile(
      place.at("images", `${id}.png`),
      await encodePng(image),
    );
  }
}

Deno.test("every tutorial is run by a test, and listed in docs/README.md", async () => {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  assertEquals(names.sort(), Object.keys(given).sort());
  const index = await Deno.readTextFile(new URL("../README.md", folder));
  for (const name of names) assert(index.includes(`(tutorials/${name})`), name);
});

for (const [name, prepare] of Object.entries(given)) {
  Deno.test(`the commands of docs/tutorials/${name} do what it says`, async () => {
    await using place = await createPlace();
    await prepare(place);
    const commands = await commandsOf(name);
    assert(commands.length > 1);
    for (const line of commands) {
      const [program, ...args] = wordsOf(line);
      if (program === "deno") {
        await runInClone(args, place.path);
        continue;
      }
      assertEquals(program, "unet", line);
      // Progress is on standard error.
      const ended = await place.unet(cutDown(args), { permissions: "tune" });
      assertPlain(ended);
      assertEquals(ended.code, 0, `${line}\n${ended.stderr}`);
    }
    await promised(name, place);
  });
}

/** Makes sure that the files are there that a tutorial names with their folder. */
async function promised(name: string, place: Place): Promise<void> {
  const text = await Deno.readTextFile(new URL(name, folder));
  const outputs = commandOutputs(text);
  const paths = [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)+\/?)`/g)]
    .map(([, path = ""]) => path)
    .filter((path) => outputs.some((out) => path.startsWith(`${out}/`)))
    // A placeholder.
    .filter((path) => !path.includes("NAME"));
  assert(paths.length > 0 || name !== "plate.md");
  for (const path of paths) {
    await Deno.stat(join(place.path, path)).catch(() => {
      throw new Error(`Expected ${path} of docs/tutorials/${name}`);
    });
  }
}

/** The folders that the commands of a text write. */
function commandOutputs(text: string): string[] {
  return [...text.matchAll(/--out (\S+)/g)].map(([, out = ""]) => out);
}
