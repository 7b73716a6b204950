import { assertEquals } from "@std/assert";
import { orientationNote, partNotes } from "./reading_notes.ts";

Deno.test("orientationNote() says how viewers turn what is stored, and nothing of an upright image", () => {
  const turns = [2, 3, 4, 5, 6, 7, 8].map((orientation) =>
    orientationNote(orientation)[0]!.text.replace(/: .*/, "")
  );
  assertEquals(turns, [
    "an orientation tag (2, stored mirrored)",
    "an orientation tag (3, stored upside down)",
    "an orientation tag (4, stored mirrored upside down)",
    "an orientation tag (5, stored mirrored and on its side)",
    "an orientation tag (6, stored on its side)",
    "an orientation tag (7, stored mirrored and on its side)",
    "an orientation tag (8, stored on its side)",
  ]);
  for (const orientation of [1, 0, 9, NaN]) {
    assertEquals(orientationNote(orientation), []);
  }
});

Deno.test("partNotes() says which plane and time point were taken where nobody chose one", () => {
  const found = { planes: 5, times: 3 }, taken = { plane: 2, time: 0 };
  assertEquals(partNotes(found, taken, {}).map(({ text }) => text), [
    "5 planes: plane 2 taken",
    "3 time points: time 0 taken",
  ]);
  assertEquals(partNotes(found, taken, { plane: 0, time: 0 }), []);
  assertEquals(partNotes(found, taken, { plane: "max", time: 1 }), []);
  assertEquals(partNotes({ planes: 1, times: 1 }, taken, {}), []);
});
