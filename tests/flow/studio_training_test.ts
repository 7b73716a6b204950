import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { encodePng, synthesize } from "@unet/data";
import { writeFile } from "@unet/files";
import { startStudio, untilTraining } from "./_studio.ts";

Deno.test("a training that was killed with its studio continues in the next one, and ends as one that was not", async () => {
  const place = await Deno.realPath(await Deno.makeTempDir());
  const folder = join(place, "images"), size = { width: 64, height: 64 };
  let at = 0;
  for (const { image, labels } of synthesize({ count: 2, ...size, seed: 6 })) {
    const mask = {
      ...{ ...size, channels: 1, depth: 16 } as const,
      data: Uint16Array.from(labels.data),
    };
    await writeFile(join(folder, `${at}.png`), await encodePng(image));
    await writeFile(join(folder, "masks", `${at}.png`), await encodePng(mask));
    at++;
  }
  const values = {
    ...{ width: 0.0625, tile: 64, batch: 2, epochs: 40, workers: 0 },
    ...{ device: "wasm", "batch-norm-batches": 0, validation: 0 },
  };
  const first = await startStudio(folder);
  await first.post("/api/train", { name: "killed", values });
  await untilTraining(first, ({ rows }) => rows.length >= 2);
  await first.end("SIGKILL");
  const second = await startStudio(folder);
  const [run] = await second.get<
    { name: string; epoch: number; canResume: boolean }[]
  >("/api/runs");
  assertEquals([run!.name, run!.canResume], ["killed", true]);
  assert(run!.epoch >= 2 && run!.epoch < 40, String(run!.epoch));
  await second.post("/api/train/resume", { name: "killed" });
  const ended = await untilTraining(second, ({ state }) => state !== "running");
  assertEquals([ended.state, ended.fault, ended.rows.length], [
    ...["ended", null],
    40,
  ]);
  await second.post("/api/train", { name: "whole", values });
  await untilTraining(second, ({ state }) => state === "ended");
  await second.end();
  const modelOf = (name: string) =>
    Deno.readFile(
      join(folder, ".studio", "runs", name, "last", "model.safetensors"),
    );
  assertEquals(await modelOf("killed"), await modelOf("whole"));
  await Deno.remove(place, { recursive: true });
});
