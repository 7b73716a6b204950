import { assertEquals } from "@std/assert";
import { chooseImages, type PicturedImage } from "./picture_kinds.ts";

const kind = {
  ...{ name: "cells", title: "Cells" },
  ...{ source: "lab", modality: "fluorescence" },
};

function image(id: string, f1: number, objects = 9): PicturedImage {
  return { id, f1, objects, modality: "fluorescence" };
}

Deno.test("chooseImages() takes the best and the worst image of a kind", () => {
  const images = [
    image("lab/c", 0.8),
    image("lab/d", 0.9),
    image("lab/b", 0.9),
    image("lab/a", 0.4),
    image("other/a", 0.1),
    image("lab/few", 0, 4),
    { ...image("lab/tissue", 1), modality: "stained" },
  ];
  const chosen = chooseImages(images, kind);
  assertEquals(chosen?.map(({ id }) => id), ["lab/b", "lab/a"]);
  const many = chooseImages(images.map((one) => ({ ...one, objects: 200 })), {
    ...{ ...kind, objects: [5, 100] },
  });
  assertEquals(many, undefined);
});

Deno.test("chooseImages() needs two images", () => {
  assertEquals(chooseImages([image("lab/a", 0.5)], kind), undefined);
});
