import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { readFlags } from "./flags.ts";
import { train } from "./train.ts";
import { withStudy } from "./with_study.ts";

const stored = fromFileUrl(
  new URL("../app/fixtures/study_with_model.journal", import.meta.url),
);

Deno.test("withStudy() takes an architecture from a study that calls it model", async () => {
  const table = train.groups.flatMap(({ flags }) => flags);
  for (
    const [name, network] of [["unet", "vgg16_bn"], ["fixed", "vgg16"]] as const
  ) {
    const flags = readFlags("train", table, [
      ...["--from-study", stored, "--name", name],
    ]);
    const taken = await withStudy(flags, train.groups);
    assertEquals(taken.text("network"), network);
  }
});
