import { assert, assertEquals, assertThrows } from "@std/assert";
import { DatasetError } from "@unet/errors";
import { drawImages } from "./finetune_draws.ts";

const cells = { name: "cells", path: "/data/cells.zip" };
const tissue = { name: "tissue", path: "/data/tissue.zip" };

/** Roles of 6 and 3 images to draw from, and of one more each. */
const roles = {
  ...{ path: "roles.json", fingerprint: "0" },
  sources: new Map([
    ["cells", rolesOf("abcdef")],
    ["tissue", rolesOf("uvw")],
  ]),
};

function rolesOf(ids: string): Map<string, string> {
  return new Map([
    ["seen", "watched"],
    ...[...ids].map((id) => [id, "finetune"] as const),
  ]);
}

const settings = {
  sources: [cells, tissue],
  ...{ trainRole: "finetune", images: [2, 4], draws: 3, seed: 0 },
};

Deno.test("drawImages() draws images of the role, and says what there are too few for", () => {
  const { draws, leftOut } = drawImages(settings, roles);
  assertEquals(
    draws.map(({ source, ids, draw }) => [source.name, ids.length, draw]),
    [
      ...[["cells", 2, 1], ["cells", 4, 1], ["tissue", 2, 1]],
      ...[["cells", 2, 2], ["cells", 4, 2], ["tissue", 2, 2]],
      ...[["cells", 2, 3], ["cells", 4, 3], ["tissue", 2, 3]],
    ],
  );
  assertEquals(leftOut, [
    "Left out: 4 images of tissue, which has 3 of role finetune",
  ]);
  for (const { source, ids } of draws) {
    assertEquals(new Set(ids).size, ids.length);
    const own = roles.sources.get(source.name)!;
    assert(ids.every((id) => own.get(id) === "finetune"), ids.join());
  }
});

Deno.test("drawImages() draws alike by one seed, otherwise by another, and adds images to fewer", () => {
  const { draws } = drawImages(settings, roles);
  assertEquals(drawImages(settings, roles).draws, draws);
  const others = [1, 2, 3].map((seed) =>
    drawImages({ ...settings, seed }, roles).draws
  );
  assert(others.some((one) => JSON.stringify(one) !== JSON.stringify(draws)));
  for (const [at, { ids }] of draws.entries()) {
    if (at % 3 !== 0) continue;
    assert(ids.every((id) => draws[at + 1]!.ids.includes(id)));
  }
});

Deno.test("drawImages() refuses data sets without roles, and roles without images enough", () => {
  const refusal = (some: Partial<typeof settings>): string =>
    assertThrows(
      () => drawImages({ ...settings, ...some }, roles),
      DatasetError,
    )
      .message;
  assertEquals(
    refusal({ sources: [{ name: "plates", path: "/data/plates" }] }),
    'Cannot use roles "roles.json": found no roles of data set "plates", ' +
      "expected cells, tissue; --data NAME=PATH gives it the name that the " +
      "file has for it",
  );
  assertEquals(
    refusal({ trainRole: "train" }),
    'Cannot draw images "train": found fewer than 2 images of that role in ' +
      "cells, tissue, expected enough for one of --images; --train-role names " +
      "another role",
  );
});
