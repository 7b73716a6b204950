import { assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { FileError } from "@unet/errors";
import { openImage } from "./open_image.ts";
import { openStack } from "./open_stack.ts";

const fixture = (name: string): string =>
  fromFileUrl(new URL(`../fixtures/series/${name}`, import.meta.url));

/** Files with planes, time points, channels; of one file and of several. */
const files = [
  ["shaped-2yx.tif", {}],
  ["shaped-tzcyx.tif", { channel: 1 }],
  ["shaped-tzcyx.tif", { channel: "max" }],
  ["shaped-qzyx.tif", {}],
  ["palette-pages.tif", {}],
  ["palette-pages.tif", { channel: "Green" }],
  ["imagej-images.tif", {}],
  ["companion-t0.ome.tif", {}],
  ["both-t1.ome.tif", { channel: 0 }],
  ["frames.webp", {}],
  ["four.tif", {}],
  ["turned.png", {}],
] as const;

for (const [name, options] of files) {
  const words = JSON.stringify(options);
  Deno.test(`openStack() opens every plane and time as openImage() does: ${name} ${words}`, async () => {
    await using stack = await openStack(fixture(name), options);
    for (let time = 0; time < stack.times; time++) {
      for (let plane = 0; plane < stack.planes; plane++) {
        const part = { plane, time };
        await using opened = await stack.open(part);
        await using alone = await openImage(fixture(name), {
          ...options,
          ...part,
        });
        const { width, height } = alone;
        assertEquals(
          [stack.planes, stack.times],
          [alone.planes, alone.times],
        );
        assertEquals(
          await opened.read(0, 0, width, height),
          await alone.read(0, 0, width, height),
        );
        assertEquals(opened.notes, alone.notes);
        assertEquals(opened.pixelSize, alone.pixelSize);
      }
    }
  });
}

Deno.test("openStack() leaves the file open when a reader is disposed of", async () => {
  await using stack = await openStack(fixture("shaped-qzyx.tif"));
  await using first = await stack.open({ plane: 0 });
  {
    await using _second = await stack.open({ plane: 1 });
  }
  assertEquals((await first.read(0, 0, 2, 2)).data.length, 4);
  assertEquals(stack.planes > 1, true);
});

Deno.test("openStack() refuses planes that there are not, and negative numbers", async () => {
  await using stack = await openStack(fixture("shaped-2yx.tif"));
  await assertRejects(
    () => stack.open({ plane: 2 }),
    FileError,
    "found planes 0 to 1, expected plane 2",
  );
  for (
    const [options, fault] of [
      [{ axis: "plane", time: 5 }, "found one time, expected time 5"],
      [{ axis: "time", plane: 2 }, "found planes 0 to 1, expected plane 2"],
    ] as const
  ) {
    await assertRejects(
      () => openStack(fixture("shaped-2yx.tif"), options),
      FileError,
      fault,
    );
  }
  await assertRejects(
    () => stack.open({ plane: -1 }),
    RangeError,
    "Cannot open image: found plane -1",
  );
  await using picture = await openStack(fixture("frames.webp"));
  await assertRejects(
    () => picture.open({ time: picture.times }),
    FileError,
    "expected time",
  );
});
