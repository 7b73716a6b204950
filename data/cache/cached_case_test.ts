import { assertEquals, assertThrows } from "@std/assert";
import { FileError } from "@unet/errors";
import fc from "fast-check";
import { crc32 } from "node:zlib";
import { cacheSamples } from "./cache.ts";
import { type CachedCase, readCachedWindow } from "./cached_case.ts";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import type { Sample } from "../types.ts";

/** A sample with a different value at each place. */
function counted(
  width: number,
  height: number,
  channels: 1 | 3,
  step: number,
): Sample {
  const size = { width, height };
  return {
    id: `${width} ${height} ${channels} ${step}`,
    image: {
      ...size,
      channels,
      depth: 8,
      data: Uint8Array.from(
        { length: width * height * channels },
        (_, index) => 255 - index % 251,
      ),
    },
    labels: {
      ...size,
      data: Uint32Array.from({ length: width * height }, (_, i) => i * step),
    },
  };
}

/** Cuts a rectangle pixel by pixel. */
function cut<T extends Uint8Array | Uint32Array>(
  data: T,
  channels: number,
  wide: number,
  { x, y, width, height }: {
    x: number;
    y: number;
    width: number;
    height: number;
  },
): number[] {
  const out: number[] = [];
  for (let row = y; row < y + height; row++) {
    for (let column = x; column < x + width; column++) {
      for (let channel = 0; channel < channels; channel++) {
        out.push(data[(row * wide + column) * channels + channel]!);
      }
    }
  }
  return out;
}

Deno.test("readCachedWindow() cuts any rectangle as from the whole", async () => {
  await using folder = await temporaryFolder();
  const samples = [
    counted(7, 5, 1, 1),
    counted(5, 9, 3, 300),
    counted(6, 6, 3, 70000),
    counted(1, 1, 1, 1),
  ];
  const cached = await cacheSamples(samples, { folder: folder.path });
  fc.assert(fc.property(
    fc.nat(3),
    ...([fc.nat(), fc.nat(), fc.nat(), fc.nat()] as const),
    (index, a, b, c, d) => {
      const { id, image, labels } = samples[index]!;
      const x = a % image.width, y = b % image.height;
      const width = 1 + c % (image.width - x),
        height = 1 + d % (image.height - y);
      const rectangle = { x, y, width, height };
      const part = readCachedWindow(cached[index]!, rectangle);
      const { channels } = part.image;
      assertEquals([part.id, part.image.width, part.image.height], [
        id,
        width,
        height,
      ]);
      assertEquals(
        [...part.image.data],
        cut(image.data as Uint8Array, image.channels, image.width, rectangle)
          .filter((_, at) => image.channels === channels || at % 3 === 0),
      );
      assertEquals(
        [...part.labels.data],
        cut(labels.data, 1, image.width, rectangle),
      );
    },
  ));
});

Deno.test("readCachedWindow() reads rows one by one where much lies between them", async () => {
  await using folder = await temporaryFolder();
  const wide = counted(20000, 300, 1, 1);
  for (const index of wide.labels.data.keys()) {
    wide.labels.data[index] = index % 239;
  }
  const [cached] = await cacheSamples([wide], { folder: folder.path });
  const rectangle = { x: 19990, y: 2, width: 10, height: 298 };
  const part = readCachedWindow(cached!, rectangle);
  assertEquals(
    [...part.labels.data],
    cut(wide.labels.data, 1, 20000, rectangle),
  );
  assertEquals(
    [...part.image.data],
    cut(wide.image.data as Uint8Array, 1, 20000, rectangle),
  );
});

Deno.test("readCachedWindow() takes a path, and the whole image without a rectangle", async () => {
  await using folder = await temporaryFolder();
  const sample = counted(4, 3, 1, 2);
  const [cached] = await cacheSamples([sample], { folder: folder.path });
  assertEquals(readCachedWindow(cached!.path), sample);
});

Deno.test("readCachedWindow() reads a case with a long name", async () => {
  await using folder = await temporaryFolder();
  const sample = { ...counted(2, 2, 1, 1), id: "ü".repeat(2000) };
  const [cached] = await cacheSamples([sample], { folder: folder.path });
  assertEquals(readCachedWindow(cached!), sample);
});

Deno.test("readCachedWindow() refuses rectangles that reach out or are empty", async () => {
  await using folder = await temporaryFolder();
  const [cached] = await cacheSamples([counted(4, 3, 1, 1)], {
    folder: folder.path,
  });
  for (
    const [x, y, width, height] of [
      [-1, 0, 2, 2],
      [0, -1, 2, 2],
      [3, 0, 2, 2],
      [0, 2, 2, 2],
      [0, 0, 0, 2],
      [0, 0, 2, 0],
      [0.5, 0, 2, 2],
      [0, 0, NaN, 2],
    ] as const
  ) {
    assertThrows(
      () => readCachedWindow(cached!, { x, y, width, height }),
      RangeError,
      `Cannot read window of case "4 3 1 1": found ${width}×${height} at (${x}, ${y}), expected whole numbers inside 4×3`,
    );
  }
});

Deno.test("readCachedWindow() refuses a file that is gone, cut off or damaged in its header", async () => {
  await using folder = await temporaryFolder();
  const [cached] = await cacheSamples([counted(4, 3, 1, 1)], {
    folder: folder.path,
  });
  const { path } = cached as CachedCase;
  const whole = await Deno.readFile(path);
  const payload = 4 * 3 * 2;
  for (let length = 0; length < whole.length; length++) {
    await Deno.writeFile(path, whole.subarray(0, length));
    assertThrows(
      () => readCachedWindow(path),
      FileError,
      "found a damaged file",
    );
  }
  for (let at = 0; at < whole.length - payload; at++) {
    // The checksum of the pixels is compared when the whole file is read.
    if (at >= 20 && at < 24) continue;
    const damaged = Uint8Array.from(whole);
    damaged[at]! ^= 0x81;
    await Deno.writeFile(path, damaged);
    assertThrows(
      () => readCachedWindow(path),
      FileError,
      "found a damaged file",
    );
  }
  await Deno.remove(path);
  assertThrows(() => readCachedWindow(path), FileError, "found no such file");
});

/** A cached file with another header, whose checksum is right. */
function withHeader(whole: Uint8Array, header: string): Uint8Array {
  const json = new TextEncoder().encode(header);
  const length = new DataView(whole.buffer).getUint32(12, true);
  const bytes = new Uint8Array(24 + json.length + whole.length - 24 - length);
  bytes.set(whole.subarray(0, 24));
  bytes.set(json, 24);
  bytes.set(whole.subarray(24 + length), 24 + json.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(12, json.length, true);
  view.setUint32(16, crc32(json), true);
  return bytes;
}

Deno.test("readCachedWindow() refuses a header that says what none can, though its checksum is right", async () => {
  await using folder = await temporaryFolder();
  const [cached] = await cacheSamples([counted(4, 3, 1, 1)], {
    folder: folder.path,
  });
  const { path } = cached as CachedCase;
  const whole = await Deno.readFile(path);
  const length = new DataView(whole.buffer).getUint32(12, true);
  const text = new TextDecoder().decode(whole.subarray(24, 24 + length));
  const known = JSON.parse(text);
  await Deno.writeFile(path, withHeader(whole, text));
  assertEquals(readCachedWindow(path).image.width, 4);
  const changes = [
    ...[{ width: -4, height: -3 }, { width: "4" }, { width: 1e300 }],
    ...[{ channels: 2 }, { channels: [1] }, { labelBytes: 0.5 }],
    ...[{ labelBytes: null }, { modality: "toString" }, { nuclei: {} }],
    ...[{ id: 7 }, { warnings: 1 }, { warnings: [null] }],
  ];
  const headers = [
    ...changes.map((change) => JSON.stringify({ ...known, ...change })),
    ...["", "null", "[]", "4", "[".repeat(9e5), `{"id":${"[".repeat(9e5)}`],
  ];
  for (const header of headers) {
    await Deno.writeFile(path, withHeader(whole, header));
    assertThrows(
      () => readCachedWindow(path),
      FileError,
      "found a damaged file",
    );
  }
});
