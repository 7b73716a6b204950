import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ModelError } from "@unet/errors";
import { readModel } from "@unet/model";
import { factsOf, figuresOf, sourcesTable } from "./card_text.ts";

Deno.test("figuresOf() gives a row per part of each file of scores, with its link", () => {
  const part = {
    images: 3,
    pixels: { f1: 0.87654 },
    perImage: { f1: 0.5 },
    instances: { ap50: 0.25, panopticQuality: 0.125 },
  };
  const parts = { stained: { ...part, images: 1 }, fluorescence: part };
  const name = "validation", link = "[validation](scores/validation.json) |";
  const rows = figuresOf([{ name, content: { ...part, modalities: parts } }])
    .split("\n");
  assertEquals(rows.slice(2), [
    `| all | 3 | 0.877 | 0.500 | 0.250 | 0.125 | ${link}`,
    `| stained | 1 | 0.877 | 0.500 | 0.250 | 0.125 | ${link}`,
    `| fluorescence | 3 | 0.877 | 0.500 | 0.250 | 0.125 | ${link}`,
  ]);
  const classes = { axon: { f1: 0.9, iou: 0.8 } };
  const { images, perImage } = part;
  assertEquals(
    figuresOf([{ name, content: { images, perImage, classes } }]).split("\n")
      .slice(2),
    [`| all | 3 | axon | 0.900 | 0.800 | ${link}`],
  );
});

Deno.test("factsOf() and sourcesTable() give what a model's header has, and refuse data that nobody described", async () => {
  const saved = await readModel("nuclei");
  const known = factsOf(saved, true);
  assertStringIncludes(known, `| ${saved.card.license} |`);
  assertStringIncludes(known, `${(saved.bytes.length / 1e6).toFixed(1)} MB`);
  const source = { shows: "cells", license: "CC0", citation: "A, B (2019)" };
  const card = { ...saved.card, data: { images: 2, fingerprint: "12" } };
  const own = { ...saved, card };
  assertStringIncludes(
    sourcesTable(own, { lab: { ...source, fingerprint: "12" } }),
    "| `lab` | cells | 2 | CC0 | A, B (2019) |",
  );
  assertThrows(
    () => sourcesTable(own, { lab: source }),
    ModelError,
    'found data of fingerprint "12"',
  );
  const counts = { other: { train: 1, validation: 1 } };
  const named = { ...saved, card: { data: { ...card.data, sources: counts } } };
  assertThrows(
    () => sourcesTable(named, { lab: source }),
    ModelError,
    'found data set "other", expected data sets of sources.json',
  );
});
