import { assertEquals } from "@std/assert";
import { crc32 } from "node:zlib";
import { absent } from "./fixtures/find_openslide_here.ts";
import { OpenslideFile } from "./openslide_file.ts";
import { overBackground } from "./over_background.ts";

Deno.test(
  "OpenslideFile reads OpenSlide's synthetic slide as openslide-python does",
  {
    ignore: absent !== "",
  },
  async () => {
    // The slide's decoders: BMP, DICOM, JPEG, JPEG 2000, PNG, TIFF, Zstandard.
    Deno.env.set("OPENSLIDE_DEBUG", "synthetic");
    try {
      await using slide = await OpenslideFile.open("synthetic", "", {
        words: "a synthetic slide",
      });
      assertEquals(slide.levels, [{ width: 176, height: 16, downsample: 1 }]);
      const pixels = await slide.read(0, 0, {
        level: 0,
        width: 176,
        height: 16,
      });
      // By openslide-python 1.4.7.
      const crc = 1064563721;
      assertEquals(crc32(overBackground(pixels, [255, 255, 255])), crc);
    } finally {
      Deno.env.delete("OPENSLIDE_DEBUG");
    }
  },
);
