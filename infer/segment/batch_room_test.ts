import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { encodePng } from "@unet/data";
import { inFolder } from "../fixtures/in_folder.ts";
import { red } from "../fixtures/red.ts";
import type { ImageBatch } from "../windows/predict.ts";
import { segment } from "./segment.ts";

Deno.test("segment() prepares its network for the images that are not finished, before it sees one", () =>
  inFolder(async (folder) => {
    const sizes: number[] = [];
    const add = async (width: number): Promise<void> => {
      const data = Uint8Array.from({ length: 8 * width }, (_, at) => at % 251);
      const png = await encodePng({
        ...{ width, height: 8, channels: 1, depth: 8, data },
      });
      await Deno.writeFile(join(folder, `${width}.png`), png);
      sizes.push(png.length);
    };
    await add(8);
    await add(64);
    const events: (ImageBatch | "sees")[] = [];
    const predict = Object.assign((...given: Parameters<typeof red>) => {
      events.push("sees");
      return red(...given);
    }, { prepare: (batch: ImageBatch) => void events.push(batch) });
    const out = join(folder, "out");
    await segment([join(folder, "*.png")], { predict, out });
    const largestFile = Math.max(...sizes);
    assertEquals(events, [{ images: 2, largestFile }, "sees", "sees"]);
    await add(16);
    await segment([join(folder, "*.png")], { predict, out });
    const rest = { images: 1, largestFile: sizes.at(-1)! };
    assertEquals(events.slice(3), [rest, "sees"]);
  }));
