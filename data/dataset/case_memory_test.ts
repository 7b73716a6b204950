import { assert, assertEquals, assertRejects } from "@std/assert";
import sharp from "sharp";
import { areKept, caseMemory } from "./case_memory.ts";
import { decodeBudgets } from "../images/decode_budget.ts";
import { withDecodedCase } from "./decode_case.ts";
import type { Case } from "./case.ts";
import type { DatasetFile } from "./dataset_file.ts";

const picture = sharp({
  create: { width: 60, height: 50, channels: 3, background: "red" },
});

function fileOf(bytes: Uint8Array, size = bytes.length): DatasetFile {
  const about = { name: "a", path: "a", size, stored: size, stamp: "" };
  return { ...about, read: () => Promise.resolve(bytes) };
}

Deno.test("caseMemory() goes by the largest image of a case", () => {
  assertEquals(caseMemory([3000, 3000, 5000]), 28 * 5000);
  assertEquals(caseMemory([]), 0);
  assertEquals(caseMemory([undefined, 3000]), 28 * 2 ** 20);
});

Deno.test("areKept() is for cases whose files are small together", () => {
  const megabytes = (count: number): DatasetFile =>
    fileOf(new Uint8Array(0), count * 2 ** 20);
  assert(areKept([]));
  assert(areKept([megabytes(30), megabytes(34)]));
  assert(!areKept([megabytes(30), megabytes(35)]));
});

Deno.test("withDecodedCase() gives memory back, after a failure too", async () => {
  const file = fileOf(await picture.clone().png().toBuffer());
  const each: Case = { id: "a", layout: "pairs", images: [file], masks: [] };
  const size = { pixels: 3000, bytes: 9000 };
  const files = { image: { file, size }, masks: [], faults: [] };
  const { cases } = decodeBudgets();
  await withDecodedCase(each, files, {}, ({ image }) => {
    assertEquals([image?.width, cases.lent], [60, 28 * 3000]);
  });
  assertEquals(cases.lent, 0);
  await assertRejects(
    () =>
      withDecodedCase(each, files, {}, () => {
        throw new Error("no use");
      }),
    Error,
    "no use",
  );
  assertEquals(cases.lent, 0);
});
