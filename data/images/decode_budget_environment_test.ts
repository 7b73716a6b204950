import { assert, assertEquals, assertThrows } from "@std/assert";
import { FileError } from "@unet/errors";
import { memoryLimit } from "@unet/files";
import { decodeBudgets, requireBacked, sizeInWords } from "./decode_budget.ts";

const mebi = 2 ** 20;

Deno.test("requireBacked() takes what the file backs, and any small image", () => {
  requireBacked("a", { kind: "image", decoded: 256 * mebi, stored: 1 });
  requireBacked("a", { kind: "piece", decoded: 128 * mebi, stored: 1 });
  requireBacked("a", { kind: "image", decoded: 600 * mebi, stored: 2 * mebi });
  requireBacked("a", { kind: "piece", decoded: 600 * mebi, stored: 2 * mebi });
});

Deno.test("requireBacked() refuses large images of small files", () => {
  assertThrows(
    () =>
      requireBacked("a.png", {
        kind: "image",
        decoded: 805 * mebi,
        stored: 780 * 1024,
      }),
    FileError,
    'Cannot read image "a.png": found 805 MB of pixels in 780 KB of file, expected at most 300 times the stored bytes, or 256 MB; if the file is right, set UNET_MEMORY',
  );
  assertThrows(
    () =>
      requireBacked("a.tif", { kind: "piece", decoded: 2 ** 30, stored: 33 }),
    FileError,
    "found 1.0 GB of pixels in 33 bytes of a tile or strip, expected at most 300 times the stored bytes, or 128 MB",
  );
});

Deno.test("requireBacked() lets a person allow more by UNET_MEMORY", () => {
  const large = { kind: "image", decoded: 805 * mebi, stored: 100 } as const;
  const before = Deno.env.get("UNET_MEMORY");
  Deno.env.set("UNET_MEMORY", "4");
  try {
    requireBacked("a.png", large);
    assertThrows(
      () => requireBacked("a.png", { ...large, decoded: 1025 * mebi }),
      FileError,
      "or 1.0 GB",
    );
    assertThrows(
      () =>
        requireBacked("a.png", {
          ...large,
          decoded: 2049 * mebi,
          stored: 2049 * mebi,
        }),
      FileError,
      "found 2.0 GB of pixels, expected at most 2.0 GB, half of the memory; cut it into pieces, or save it as a tiled TIFF",
    );
  } finally {
    if (before === undefined) Deno.env.delete("UNET_MEMORY");
    else Deno.env.set("UNET_MEMORY", before);
  }
});

Deno.test("decodeBudgets() are one for the process, and a part of its memory", () => {
  const { cases, pieces } = decodeBudgets();
  assert(decodeBudgets().cases === cases && decodeBudgets().pieces === pieces);
  const all = cases.total + pieces.total;
  assert(all <= memoryLimit() / 8 && all <= 2 * 2 ** 30, `${all}`);
});

Deno.test("sizeInWords() has two digits or more", () => {
  assertEquals(
    [0, 33, 1023, 1024, 33_000, 12 * mebi, 2.5 * 2 ** 30].map(sizeInWords),
    ["0 bytes", "33 bytes", "1023 bytes", "1.0 KB", "32 KB", "12 MB", "2.5 GB"],
  );
});
