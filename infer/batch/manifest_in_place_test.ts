import { assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { Manifest } from "./manifest.ts";

// Windows keeps the name of a file that is open.
const ignore = Deno.build.os === "windows";
const setup = { settings: { threshold: 0.5 }, model: "0123", files: 1 };
const file = { name: "a", input: "a", outputs: ["a.png"] };

async function inFolder(work: (out: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await Deno.mkdir(`${folder}/out`);
    await work(`${folder}/out`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const how of ["removed", "replaced"]) {
  Deno.test(
    `Manifest notices that the output folder was ${how}`,
    { ignore },
    () =>
      inFolder(async (out) => {
        using manifest = await Manifest.open(out, setup);
        await manifest.start(file);
        await Deno.remove(out, { recursive: true });
        if (how === "replaced") {
          await Deno.mkdir(out);
          await Deno.writeTextFile(manifest.path, "");
        }
        for (
          const work of [
            () => manifest.start(file),
            () => manifest.fail(file, new Error("No room")),
            () => manifest.end(),
          ]
        ) {
          await assertRejects(
            work,
            FileError,
            `Cannot write manifest "${manifest.path}": found the output folder or this file ${how} while the run wrote there`,
          );
        }
      }),
  );
}

Deno.test(
  "Manifest goes by a link that leads to it",
  { ignore },
  () =>
    inFolder(async (out) => {
      const elsewhere = `${out}/../manifest.jsonl`;
      await Deno.writeTextFile(elsewhere, "");
      await Deno.symlink(elsewhere, `${out}/manifest.jsonl`);
      using manifest = await Manifest.open(out, setup);
      await manifest.start(file);
      await manifest.end();
    }),
);
