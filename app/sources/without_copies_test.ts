import { assertEquals } from "@std/assert";
import { withoutCopies } from "./without_copies.ts";

const cases = [
  { id: "plates/a", content: "1" },
  { id: "plates/b", content: "2" },
  { id: "slides/a", content: "2" },
  { id: "slides/b", content: "2" },
  { id: "slides/c", content: "3" },
];

Deno.test("withoutCopies() leaves out images to train on that are copies of one to validate on, and says which", () => {
  const notes: string[] = [];
  const kept = withoutCopies(
    cases,
    { train: ["plates/a", "slides/a", "slides/b"], validation: ["plates/b"] },
    (line) => notes.push(line),
  );
  assertEquals(kept.map(({ id }) => id), ["plates/a", "plates/b", "slides/c"]);
  assertEquals(notes, [
    "Left out of training: 2 images with the same pixels as one to validate " +
    "on (slides/a, slides/b)",
  ]);
});

Deno.test("withoutCopies() keeps copies on one side, and all where none is held out", () => {
  const notes: string[] = [];
  const note = (line: string) => void notes.push(line);
  const train = ["plates/b", "slides/a", "slides/b"];
  const sides = [
    { train, validation: ["plates/a", "slides/c"] },
    { train: ["plates/a"], validation: train },
    { train: cases.map(({ id }) => id), validation: [] },
  ];
  for (const split of sides) {
    assertEquals(withoutCopies(cases, split, note), cases);
  }
  assertEquals(notes, []);
});
