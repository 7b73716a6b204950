import { assertEquals } from "@std/assert";
import { measurementColumns } from "@unet/infer/outputs";
import { shownColumns, wordOfValue, wordsOfColumn } from "./column_words.ts";

Deno.test("shownColumns() has each measure once, in µm where that is known, the class first", () => {
  const columns = measurementColumns(["DAPI"], { classNames: ["a", "b"] });
  const words = (hasMicrometers: boolean) =>
    shownColumns(columns, hasMicrometers).map(wordsOfColumn);
  assertEquals(words(true).slice(0, 5), [
    ...["Object", "Class", "Area (µm²)", "Perimeter (µm)", "Center x (µm)"],
  ]);
  assertEquals(words(false).slice(2, 4), ["Area (px²)", "Perimeter (px)"]);
  for (const found of [words(true), words(false)]) {
    assertEquals(new Set(found).size, found.length);
    assertEquals(found.slice(-6), [
      ...["Probability", "DAPI mean", "DAPI min", "DAPI max"],
      ...["DAPI std", "DAPI sum"],
    ]);
    assertEquals(found.length, 16);
  }
});

Deno.test("shownColumns() keeps a channel whose name ends as a unit does", () => {
  const columns = measurementColumns(["laser_px"]);
  for (const hasMicrometers of [true, false]) {
    const shown = shownColumns(columns, hasMicrometers);
    assertEquals(shown.includes("mean_laser_px"), true);
  }
  assertEquals(wordsOfColumn("mean_laser_px"), "laser px mean");
});

Deno.test("wordOfValue() gives four digits that count, and nothing for what is not known", () => {
  assertEquals(
    [1234.567, 12.34567, 0.0123456, 5, NaN, 0, -3.21987].map(wordOfValue),
    ["1235", "12.35", "0.01235", "5", "", "0", "-3.220"],
  );
});
