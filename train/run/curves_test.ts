import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { drawCurves } from "./curves.ts";
import type { EpochRow } from "./epoch_row.ts";
import { curvesOf, isWellFormed, textsOf } from "../fixtures/read_chart.ts";

function rowOf(epoch: number, some: Partial<EpochRow> = {}): EpochRow {
  return {
    epoch,
    step: 10 * epoch,
    loss: 1 / epoch,
    validationLoss: 1.5 / epoch,
    f1: 1 - 1 / (epoch + 1),
    f1PerImage: 1 - 1 / epoch,
    iou: 0.5,
    precision: 0.5,
    recall: 0.5,
    learningRate: 0.4,
    seconds: 1,
    ...some,
  };
}

Deno.test("drawCurves() puts each epoch where its values are", () => {
  const rows = [1, 2, 3].map((epoch) =>
    rowOf(epoch, {
      loss: [1, 0.5, 0][epoch - 1]!,
      validationLoss: [0.5, 0.5, 1][epoch - 1]!,
      learningRate: [0.4, 0.1, 0][epoch - 1]!,
    })
  );
  const [training, validation, , , learningRate] = curvesOf(drawCurves(rows));
  assertEquals(training, "M70 44L425 134L780 224");
  assertEquals(validation, "M70 134L425 134L780 44");
  assertEquals(learningRate, "M70 44L425 179L780 224");
});

Deno.test("drawCurves() begins with the scores of epoch 0, which has no training loss and no rate", () => {
  const rows = [0, 1, 2].map((epoch) =>
    rowOf(epoch, {
      ...{ f1: [0.75, 0.5, 0.25][epoch]!, validationLoss: 1, f1PerImage: 1 },
      ...(epoch === 0 && { loss: null, learningRate: null }),
    })
  );
  const svg = drawCurves(rows);
  const [training, validation, f1, , learningRate] = curvesOf(svg);
  for (const curve of [validation, f1]) assertMatch(curve!, /^M70 /);
  for (const curve of [training, learningRate]) assertMatch(curve!, /^M425 /);
  assert(textsOf(svg).includes("best: epoch 0, F1 0.750"));
});

Deno.test("drawCurves() draws the F1 of further heads where rows score them", () => {
  const rows = [1, 2].map((epoch) => rowOf(epoch, { borderF1: epoch / 4 }));
  const drawn = drawCurves(rows);
  assertEquals(curvesOf(drawn).length, 6);
  assert(textsOf(drawn).includes("border"));
  assert(!textsOf(drawCurves([rowOf(1)])).includes("border"));
});

Deno.test("drawCurves() draws the F1 of data sets in a panel of their own, with a gap in epochs without", () => {
  const drawn = drawCurves([
    rowOf(1),
    rowOf(2, { "f1:cells": 0.5, "f1:<other>": 0.25 }),
    rowOf(3, { "f1:cells": 0.5, "f1:<other>": 0.5 }),
  ]);
  const texts = textsOf(drawn);
  assert(texts.includes("F1 on the validation images of each data set"));
  assert(texts.includes("cells") && drawn.includes("&lt;other&gt;"));
  assert(drawn.includes('height="1080"') && isWellFormed(drawn));
  const [cells, other] = curvesOf(drawn).slice(4, 6);
  assertMatch(cells!, /^M425 .*L780 /);
  assertMatch(other!, /^M425 .*L780 /);
});

Deno.test("drawCurves() has three titled panels with named lines and axes", () => {
  const svg = drawCurves([1, 2, 3].map((epoch) => rowOf(epoch)));
  const texts = textsOf(svg);
  for (
    const text of [
      "Loss",
      "training",
      "validation",
      "F1 on the validation set",
      "all pixels",
      "mean of images",
      "Learning rate",
    ]
  ) assert(texts.includes(text), text);
  assertEquals(texts.filter((text) => text === "epoch").length, 3);
  assertEquals(curvesOf(svg).length, 5);
});

Deno.test("drawCurves() marks the first epoch with the highest F1", () => {
  const f1 = [0.5, NaN, 0.9125, 0.9125, 0.8];
  const svg = drawCurves(f1.map((value, i) => rowOf(i + 1, { f1: value })));
  assert(textsOf(svg).includes("best: epoch 3, F1 0.912"));
  assertEquals(svg.match(/stroke-dasharray/g)?.length, 3);
});

Deno.test("drawCurves() leaves a gap where a value is not finite", () => {
  const losses = [1, NaN, 0.5, Infinity];
  const svg = drawCurves(losses.map((loss, i) => rowOf(i + 1, { loss })));
  assertEquals(curvesOf(svg)[0]?.match(/[ML]/g), ["M", "M"]);
  assert(!/NaN|Infinity|undefined/.test(svg));
});

Deno.test("drawCurves() draws one epoch, flat lines, and epochs without any number", () => {
  for (
    const rows of [
      [rowOf(1)],
      [rowOf(1, { f1: 0, f1PerImage: 0, loss: 0, validationLoss: 0 })],
      [
        rowOf(1, { f1: NaN, f1PerImage: NaN, loss: NaN }),
        rowOf(2, { f1: NaN }),
      ],
    ]
  ) {
    const svg = drawCurves(rows);
    assert(isWellFormed(svg));
    assert(!/NaN|Infinity|undefined/.test(svg));
  }
  assert(!drawCurves([rowOf(1, { f1: NaN })]).includes("best"));
});

Deno.test("drawCurves() draws a picture that stands alone, stays small and repeats", () => {
  const rows = Array.from({ length: 1000 }, (_, i) => rowOf(i + 1));
  const svg = drawCurves(rows, { title: 'Nuclei & "more" <1>' });
  assert(
    svg.includes("<title>Nuclei &amp; &quot;more&quot; &lt;1&gt;</title>"),
  );
  assert(isWellFormed(svg));
  assertEquals(svg.match(/(https?:|href|url\(|<style|<script)[^"]*/g), [
    "http://www.w3.org/2000/svg",
  ]);
  assert(svg.length < 100_000);
  assertEquals(drawCurves(rows, { title: 'Nuclei & "more" <1>' }), svg);
});

Deno.test("drawCurves() throws when there is nothing to draw", () => {
  assertThrows(
    () => drawCurves([]),
    RangeError,
    'Cannot draw curves of "rows": found none, expected one or more',
  );
});
