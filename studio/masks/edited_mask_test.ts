import { assertEquals } from "@std/assert";
import { EditedMask } from "./edited_mask.ts";
import type { MaskEdit } from "./mask_state.ts";

const dot = (x: number): MaskEdit => ({
  ...{ tool: "brush", points: [x, 10], size: 5, as: "object", over: false },
});

Deno.test("EditedMask writes an edit that comes while the one before is reported", async () => {
  const folder = await Deno.makeTempDir();
  const reports: (() => void)[] = [], faults: unknown[] = [];
  const reported = Promise.withResolvers<void>();
  const mask = await EditedMask.open({
    ...{ name: "a.png", path: `${folder}/a.tif`, log: `${folder}/a.jsonl` },
    ...{ width: 60, height: 20, classes: { folder, image: "a" } },
  }, {
    onSaved: () =>
      new Promise((resolve) => {
        reports.push(resolve);
        reported.resolve();
      }),
    onFault: (error) => faults.push(error),
  });
  await mask.edit(mask.state, dot(10));
  await reported.promise;
  await mask.edit(mask.state, dot(40));
  assertEquals(mask.isSaved, false);
  reports[0]!();
  // Nobody asks for it.
  for (let tries = 0; reports.length < 2 && tries < 10_000; tries++) {
    await new Promise((end) => setTimeout(end, 5));
  }
  assertEquals(mask.isSaved, true);
  reports[1]!();
  assertEquals(faults, []);
  await Deno.remove(folder, { recursive: true });
});
