import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { crc32 } from "node:zlib";
import { FileError } from "@unet/errors";
import { openImage } from "../images/open_image.ts";
import { openStack } from "../images/open_stack.ts";
import type { OpenImageOptions } from "../images/opened_image.ts";
import cases from "../fixtures/microscopes.json" with { type: "json" };

/** What tifffile reads of a file, as the script beside it wrote it. */
interface Case {
  readonly file: string;
  readonly about: string;
  readonly options: OpenImageOptions;
  readonly width: number;
  readonly height: number;
  readonly crc: number;
  readonly notes: readonly string[];
  readonly planes: number;
  readonly times?: number;
  readonly pixelSize?: readonly [number, number];
}

const fixture = (name: string): string =>
  fromFileUrl(new URL(`../fixtures/microscopes/${name}`, import.meta.url));

for (const one of cases as unknown as Case[]) {
  Deno.test(`openImage() reads ${one.about} as tifffile does (${one.file} with ${JSON.stringify(one.options)})`, async () => {
    await using reader = await openImage(fixture(one.file), one.options);
    const { width, height, depth, planes, times } = reader;
    assertEquals([width, height, depth], [one.width, one.height, 16]);
    const { data } = await reader.read(0, 0, width, height);
    assertEquals(crc32(new Uint8Array(data.buffer)), one.crc);
    assertEquals(reader.notes.map(({ text }) => text), one.notes);
    assertEquals([planes, times], [one.planes, one.times ?? 1]);
    const size = reader.pixelSize && [reader.pixelSize.x, reader.pixelSize.y];
    assertEquals(size, one.pixelSize && [...one.pixelSize]);
  });
}

Deno.test("openStack() goes through the planes of an LSM and of a stack of MetaMorph", async () => {
  for (const [file, planes] of [["series.lsm", 3], ["stack.stk", 4]] as const) {
    const channel = file === "series.lsm" ? { channel: 0 } : {};
    await using stack = await openStack(fixture(file), {
      ...{ axis: "plane", ...channel },
    });
    assertEquals(stack.planes, planes);
    const sums = new Set<number>();
    for (let plane = 0; plane < planes; plane++) {
      await using one = await stack.open({ plane });
      const { data } = await one.read(0, 0, one.width, one.height);
      sums.add(crc32(new Uint8Array(data.buffer)));
    }
    assertEquals(sums.size, planes);
  }
});

Deno.test("openImage() refuses an LSM whose pages are more than its planes and time points", async () => {
  const error = await assertRejects(
    () => openImage(fixture("positions.lsm")),
    FileError,
  );
  assert(
    error.message.endsWith(
      'positions.lsm": found an LSM of 4688 bytes, 2 pages of 32×24 pixels, ' +
        "expected at most 4 GB, and 1 plane and 1 time point of 32×24; " +
        "save it as OME-TIFF, each position in a file of its own",
    ),
    error.message,
  );
});

Deno.test("openImage() refuses a stack of MetaMorph of more planes than its bytes, and one in parts", async () => {
  const stack = await Deno.readFile(fixture("stack.stk"));
  const view = new DataView(stack.buffer);
  const tagAt = (tag: number): number => {
    const first = view.getUint32(4, true), count = view.getUint16(first, true);
    return first + 2 + 12 * Array.from(
          { length: count },
          (_, at) => view.getUint16(first + 2 + 12 * at, true),
        ).indexOf(tag);
  };
  const changed = async (tag: number, value: number): Promise<string> => {
    const bytes = stack.slice(), at = tagAt(tag);
    const isCount = tag === 33629;
    new DataView(bytes.buffer).setUint32(at + (isCount ? 4 : 8), value, true);
    const path = await Deno.makeTempFile({ suffix: ".stk" });
    await Deno.writeFile(path, bytes);
    return path;
  };
  for (
    const [tag, value, found] of [
      [33629, 2 ** 31, "pages of 1536 bytes in a file of 6480"],
      [279, 1000, "a stack of MetaMorph of 4 planes, compressed or in parts"],
      [259, 5, "a stack of MetaMorph of 4 planes, compressed or in parts"],
    ] as const
  ) {
    const path = await changed(tag, value);
    const error = await assertRejects(() => openImage(path), FileError);
    assert(error.message.includes(found), error.message);
    await Deno.remove(path);
  }
});
