import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DatasetError } from "@unet/errors";
import { parseSources } from "../settings/data_sources.ts";
import type { Roles } from "./read_roles.ts";
import {
  chooseByRole,
  describeLeftOut,
  splitByRoles,
} from "./split_by_roles.ts";

const roles: Roles = {
  path: "some/roles.json",
  fingerprint: "0",
  sources: new Map([
    [
      "a",
      new Map([["1", "train"], ["2", "validation"], ["3", "watched"], [
        "é",
        "train",
      ]]),
    ],
    ["b", new Map([["1", "validation"], ["2", "finetune"]])],
  ]),
};
const a = { name: "a", path: "/data/a.zip" };
const wanted = ["train", "validation"];

Deno.test("chooseByRole() keeps the wanted roles, and counts what it leaves out", () => {
  const chosen = chooseByRole(
    roles,
    a,
    ["1", "2", "3", "4", "e\u0301"],
    wanted,
  );
  assertEquals(chosen.ids, ["1", "2", "e\u0301"]);
  assertEquals([...chosen.others], [["watched", 1]]);
  assertEquals(chosen.unnamed, ["4"]);
  assertEquals(describeLeftOut(roles, [chosen]), [
    "Left out by roles.json: 1 watched",
    "Left out: 1 image that roles.json does not name (4)",
  ]);
  assertEquals(describeLeftOut(roles, []), []);
});

Deno.test("chooseByRole() refuses a data set or an image that is not there, and one without such a role", () => {
  const refusal = (...args: Parameters<typeof chooseByRole>): string =>
    assertThrows(() => chooseByRole(...args), DatasetError).message;
  assertStringIncludes(
    refusal(roles, { ...a, name: "c" }, ["1"], wanted),
    'no roles of data set "c" (/data/a.zip), expected it among a, b',
  );
  assertStringIncludes(
    refusal(roles, a, ["1", "3", "é"], wanted),
    '"2" in "a", which /data/a.zip does not have',
  );
  assertStringIncludes(
    refusal(roles, a, ["1", "2", "3", "é"], ["test"]),
    'no image of role test in "a"',
  );
});

Deno.test("splitByRoles() splits the images of several sources by their roles", () => {
  const settings = {
    data: parseSources(["a", "b"]),
    trainRole: null,
    validationRole: null,
    validation: 0.2,
  };
  const cases = ["b/2", "b/1", "a/2", "a/1"].map((id) => ({ id }));
  assertEquals(splitByRoles(settings, roles, cases), {
    train: ["a/1"],
    validation: ["a/2", "b/1"],
    test: [],
  });
  assertEquals(
    splitByRoles({ ...settings, trainRole: "finetune" }, roles, cases).train,
    ["b/2"],
  );
  assertEquals(splitByRoles({ ...settings, validation: 0 }, roles, cases), {
    ...{ train: ["a/1"], validation: [], test: [] },
  });
  const { message } = assertThrows(
    () => splitByRoles({ ...settings, trainRole: "x" }, roles, cases),
    DatasetError,
  );
  assertStringIncludes(message, 'no image of role "x" in the data');
  assertStringIncludes(message, "`trainRole`");
});
