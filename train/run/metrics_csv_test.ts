import { assertEquals, assertThrows } from "@std/assert";
import { FileError } from "@unet/errors";
import fc from "fast-check";
import type { EpochRow } from "./epoch_row.ts";
import { formatCsv, parseCsv } from "./metrics_csv.ts";

const row: EpochRow = {
  epoch: 1,
  step: 34,
  loss: 0.1,
  validationLoss: NaN,
  f1: 1e-7,
  f1PerImage: 0.8,
  iou: 0.7,
  precision: 0.6,
  recall: 0.5,
  learningRate: 0.4,
  seconds: 12.5,
};
const text =
  "epoch,step,loss,validationLoss,f1,f1PerImage,iou,precision,recall,learningRate,seconds\n" +
  "1,34,0.1,NaN,1e-7,0.8,0.7,0.6,0.5,0.4,12.5\n";

Deno.test("formatCsv() writes a header and a line per row", () => {
  assertEquals(formatCsv([row]), text);
});

Deno.test("formatCsv() has a column per further head, after those of the first", () => {
  assertEquals(
    formatCsv([{ ...row, borderF1: 0.3 }]),
    text.replace("recall,", "recall,borderF1,").replace("0.5,", "0.5,0.3,"),
  );
});

Deno.test("formatCsv() has a column per data set after those of heads, empty in epochs without, which parseCsv() reads back", () => {
  const own = { ...row, epoch: 2, borderF1: 0.3, "f1:cells": 0.2, "f1:=F1": 1 };
  const rows = [{ ...row, borderF1: 0.4 }, own] as const;
  const written = formatCsv(rows);
  const [header, before, after] = written.split("\n");
  assertEquals(
    header,
    text.split("\n")[0]!.replace("recall,", "recall,borderF1,f1:cells,f1:=F1,"),
  );
  assertEquals(before, "1,34,0.1,NaN,1e-7,0.8,0.7,0.6,0.5,0.4,,,0.4,12.5");
  assertEquals(after, "2,34,0.1,NaN,1e-7,0.8,0.7,0.6,0.5,0.3,0.2,1,0.4,12.5");
  assertEquals(parseCsv(written), [...rows]);
});

Deno.test("formatCsv() leaves empty what epoch 0 lacks, which parseCsv() reads as null", () => {
  const start = { ...row, epoch: 0, step: 0, loss: null, learningRate: null };
  const [header, line] = text.split("\n");
  const written = `${header}\n` +
    `${line!.replace("1,34,0.1,", "0,0,,").replace("0.4,12.5", ",12.5")}\n` +
    `${line}\n`;
  assertEquals(formatCsv([start, row]), written);
  assertEquals(parseCsv(written), [start, row]);
});

Deno.test("parseCsv() reads formatCsv()'s text to the same numbers", () => {
  // -0 prints as 0; no metric distinguishes them.
  const number = fc.double().map((value) => value + 0);
  const rows = fc.constantFrom(row, { ...row, borderF1: 0 }).chain((row) =>
    fc.array(
      fc.record(
        Object.fromEntries(Object.keys(row).map((key) => [key, number])),
      ),
    )
  );
  fc.assert(fc.property(rows, (rows) => {
    const typed = rows.map((own) => ({ ...own })) as unknown as EpochRow[];
    assertEquals(parseCsv(formatCsv(typed)), typed);
  }));
});

Deno.test("parseCsv() reads lines that end as on Windows", () => {
  assertEquals(parseCsv(text.replaceAll("\n", "\r\n")), [row]);
});

Deno.test("parseCsv() throws at text that is cut off anywhere, and never makes up a row", () => {
  const whole = formatCsv([row, { ...row, epoch: 2, step: 68 }]);
  const ends = [...whole.matchAll(/\n/g)].map(({ index }) => index + 1);
  for (let length = 0; length < whole.length; length++) {
    const torn = whole.slice(0, length);
    const complete = ends.indexOf(length);
    if (complete >= 0) assertEquals(parseCsv(torn).length, complete);
    else assertThrows(() => parseCsv(torn), FileError);
  }
  assertThrows(
    () => parseCsv(whole.slice(0, -1), "run/metrics.csv"),
    FileError,
    'Cannot read metrics "run/metrics.csv": found line 3 cut off, expected a line feed at its end',
  );
});

Deno.test("parseCsv() names the line and column of what is no number", () => {
  for (
    const [wrong, found] of [
      [text.replace("0.1", "abc"), 'loss "abc" in line 2'],
      [text.replace("0.1", ""), 'loss "" in line 2'],
      [text.replace("1,34,0.1", "0,0,").replace("0.8", ""), 'f1PerImage ""'],
      [text.replace("0.1,", ""), "10 columns in line 2"],
      [text + "\n", "1 columns in line 3"],
      [text.replace("loss", "Loss"), 'header "epoch,step,Loss'],
    ] as const
  ) {
    assertThrows(
      () => parseCsv(wrong),
      FileError,
      `Cannot read metrics "metrics.csv": found ${found}`,
    );
  }
});
