import { assertEquals } from "@std/assert";
import type { DatasetFile } from "./dataset_file.ts";
import { findCases } from "./find_cases.ts";

function fileOf(name: string): DatasetFile {
  return {
    ...{ name, path: name, size: 1, stored: 1, stamp: "0" },
    read: () => Promise.reject(new Error(`${name} was read`)),
  };
}

/** The cases of some names, and what is said of others. */
function found(...names: readonly string[]) {
  const { cases, faults } = findCases(names.map(fileOf));
  return {
    cases: cases.map(({ id, images, masks }) => [
      id,
      ...[...images, ...masks].map(({ name }) => name),
    ]),
    faults: faults.map(({ severity, message }) => `${severity}: ${message}`),
  };
}

Deno.test("findCases() takes Cellpose's file beside an image as its mask", () => {
  assertEquals(found("a.png", "a_seg.npy", "b.tif", "b_seg.npy"), {
    cases: [["a", "a.png", "a_seg.npy"], ["b", "b.tif", "b_seg.npy"]],
    faults: [],
  });
  assertEquals(found("images/a.png", "images/a_seg.npy"), {
    cases: [["a", "images/a.png", "images/a_seg.npy"]],
    faults: [],
  });
});

Deno.test("findCases() takes Cellpose's file where an image has no other mask, and says which it does not read", () => {
  assertEquals(
    found("a.png", "a_cp_masks.png", "a_seg.npy", "b.png", "b_seg.npy"),
    {
      cases: [["a", "a.png", "a_cp_masks.png"], ["b", "b.png", "b_seg.npy"]],
      faults: [
        "warning: a_seg.npy: not read, since a_cp_masks.png is the mask of its image",
      ],
    },
  );
  assertEquals(
    found("images/a.png", "images/a_seg.npy", "images/b.png", "masks/b.png"),
    {
      cases: [
        ["a", "images/a.png", "images/a_seg.npy"],
        ["b", "images/b.png", "masks/b.png"],
      ],
      faults: [],
    },
  );
});

Deno.test("findCases() says of which of Cellpose's files there is no image", () => {
  assertEquals(found("a.png", "a_seg.npy", "b_seg.npy"), {
    cases: [["a", "a.png", "a_seg.npy"]],
    faults: [
      'error: Cannot use mask "b_seg.npy": found no image beside it, expected one of the name b',
    ],
  });
});
