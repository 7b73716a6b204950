import { assert, assertEquals, assertRejects } from "@std/assert";
import { crc32 } from "node:zlib";
import { fromFileUrl } from "@std/path";
import { FileError } from "@unet/errors";
import { decodeImage } from "../images/decode_image.ts";
import { openImage } from "../images/open_image.ts";
import { openStack } from "../images/open_stack.ts";
import { absent } from "./fixtures/find_openslide_here.ts";
import slides from "./fixtures/slides.json" with { type: "json" };

const ignore = absent !== "";
const at = (name: string): string =>
  fromFileUrl(new URL(`fixtures/${name}`, import.meta.url));

for (const [name, { levels, pixelSize }] of Object.entries(slides)) {
  Deno.test(
    `openImage() reads each level of ${name} as openslide-python does`,
    {
      ignore,
    },
    async () => {
      for (const [level, { width, height, crc }] of levels.entries()) {
        await using reader = await openImage(at(name), { level });
        assertEquals([reader.width, reader.height], [width, height]);
        assertEquals(
          reader.levels,
          levels.map(({ width, height }) => ({ width, height })),
        );
        assertEquals([reader.channels, reader.depth, reader.tiled], [
          3,
          8,
          true,
        ]);
        const { data } = await reader.read(0, 0, width, height);
        assert(data instanceof Uint8Array);
        assertEquals(crc32(data), crc);
        if (pixelSize[0] === 0) continue;
        const step = levels[0]!.width / width;
        const found = reader.pixelSize!.x / pixelSize[0]!;
        assert(Math.abs(found - step) < 1e-9, `${found}`);
      }
    },
  );
}

Deno.test(
  "openImage() gives the same values of a slide however windows are cut",
  {
    ignore,
  },
  async () => {
    await using reader = await openImage(at("zeiss.czi"));
    const { width, height } = reader;
    const whole = await reader.read(0, 0, width, height);
    for (const [x, y, w, h] of [[0, 0, 1, 1], [45, 30, 7, 5], [90, 60, 6, 4]]) {
      const { data } = await reader.read(x!, y!, w!, h!);
      for (let at = 0; at < data.length; at++) {
        const row = y! + Math.floor(at / (3 * w!));
        assertEquals(
          data[at],
          whole.data[(row * width + x!) * 3 + at % (3 * w!)],
        );
      }
    }
    await assertRejects(() => reader.read(90, 60, 7, 4), RangeError, "inside");
  },
);

Deno.test("openImage() says that a slide's empty part is left out", {
  ignore,
}, async () => {
  await using reader = await openImage(at("leica.scn"));
  assertEquals(reader.notes.map(({ kind }) => kind), ["bounds"]);
});

Deno.test("openImage() takes channels of a slide as of any image", {
  ignore,
}, async () => {
  await using color = await openImage(at("zeiss.czi"));
  await using red = await openImage(at("zeiss.czi"), { channel: "red" });
  await using apart = await openImage(at("zeiss.czi"), {
    channels: ["blue", 0],
  });
  assertEquals([red.channels, apart.channels, apart.isSeparate], [1, 2, true]);
  const [r, , b] = (await color.read(20, 10, 1, 1)).data;
  assertEquals([...(await red.read(20, 10, 1, 1)).data], [r]);
  assertEquals([...(await apart.read(20, 10, 1, 1)).data], [b, r]);
});

Deno.test(
  "openImage() refuses levels, planes and times that a slide does not have",
  {
    ignore,
  },
  async () => {
    for (
      const [choice, found] of [
        [{ level: 1 }, "found one level, expected level 1"],
        [{ plane: 2 }, "found one plane, expected plane 2"],
        [{ time: 1 }, "found one time, expected time 1"],
      ] as const
    ) {
      await assertRejects(
        () => openImage(at("zeiss.czi"), choice),
        FileError,
        found,
      );
    }
  },
);

Deno.test("openStack() opens a slide as a stack of one plane", {
  ignore,
}, async () => {
  await using stack = await openStack(at("zeiss.czi"));
  assertEquals([stack.planes, stack.times], [1, 1]);
  await using plane = await stack.open({ plane: 0 });
  assertEquals(plane.width, 96);
});

Deno.test("decodeImage() refuses a slide in memory, for OpenSlide reads files", async () => {
  const bytes = await Deno.readFile(at("zeiss.czi"));
  await assertRejects(
    () => decodeImage(bytes, "plates.zip/a.czi"),
    FileError,
    'Cannot read image "plates.zip/a.czi": found a Zeiss CZI slide inside a zip or in memory, expected a file in a folder, as OpenSlide needs it; unpack it',
  );
});

Deno.test(
  "openImage() refuses a slide on which OpenSlide crashes, and the program continues",
  {
    ignore,
  },
  async () => {
    const folder = await Deno.makeTempDir();
    try {
      const bytes = await Deno.readFile(at("dicom.dcm"));
      // The length of a frame: OpenSlide 4.0.1 reads beyond the file's end.
      bytes[2791] = 0x1c;
      const path = `${folder}/a.dcm`;
      await Deno.writeFile(path, bytes);
      await using reader = await openImage(path);
      const error = await assertRejects(
        () => reader.read(0, 0, 96, 64),
        FileError,
      );
      assert(
        error.message.startsWith(
          `Cannot read image "${path}": found a slide on which OpenSlide crashes`,
        ),
        error.message,
      );
      await assertRejects(() => reader.read(0, 0, 1, 1), FileError);
      await using whole = await openImage(at("dicom.dcm"));
      assertEquals((await whole.read(0, 0, 96, 64)).width, 96);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

Deno.test("openImage() reads windows that are asked for side by side", {
  ignore,
}, async () => {
  await using reader = await openImage(at("zeiss.czi"));
  const whole = await reader.read(0, 0, 96, 64);
  const rows = await Promise.all(
    Array.from({ length: 64 }, (_, y) => reader.read(0, y, 96, 1)),
  );
  assertEquals(rows.flatMap(({ data }) => [...data]), [...whole.data]);
});

Deno.test("openImage() words what OpenSlide refuses, and names the file", {
  ignore,
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    const bytes = await Deno.readFile(at("zeiss.czi"));
    const path = `${folder}/cut.czi`;
    await Deno.writeFile(path, bytes.subarray(0, 3000));
    const error = await assertRejects(() => openImage(path), FileError);
    assert(
      error.message.startsWith(
        `Cannot read image "${path}": found what OpenSlide 4.0`,
      ),
      error.message,
    );
    await Deno.writeTextFile(`${folder}/a.dcm`, `${"\0".repeat(128)}DICM`);
    await assertRejects(() => openImage(`${folder}/a.dcm`), FileError, "a.dcm");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test(
  "openImage() gives the command that converts a CZI or DICOM file that is no slide",
  {
    ignore,
  },
  async () => {
    for (
      const [name, command] of [
        ["fluorescence.czi", "bioio-convert "],
        ["single.dcm", "bioformats2raw "],
      ] as const
    ) {
      const path = at(`../../fixtures/microscopes/${name}`);
      const { message } = await assertRejects(() => openImage(path), FileError);
      assert(message.includes(`convert it: ${command}${path}`), message);
    }
  },
);
