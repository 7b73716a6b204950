import { assertEquals } from "@std/assert";
import { maskOf } from "../fixtures/drawn_mask.ts";
import { unlabeled } from "../targets/class_target.ts";
import { markUnlabeled } from "./mark_unlabeled.ts";

Deno.test("markUnlabeled() marks background alone, and only where the mask says so", () => {
  const labels = { width: 4, height: 1, data: Uint32Array.of(0, 0, 7, 1) };
  const mask = maskOf(Uint8Array.of(0, 255, 255, 1), 4);
  markUnlabeled(labels, mask, [255, "#ff0000"]);
  assertEquals([...labels.data], [0, unlabeled, 7, 1]);
  markUnlabeled(labels, mask, []);
  assertEquals([...labels.data], [0, unlabeled, 7, 1]);
});
