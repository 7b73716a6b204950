import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import type { Case } from "@unet/data";
import { DatasetError, UsageError } from "@unet/errors";
import { casesOfRole, checkRoles } from "./cases_of_role.ts";

const cases = ["a", "b", "c", "d"].map((id) => ({ id })) as unknown as Case[];

async function withRoles(
  roles: unknown,
  work: (path: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "roles.json");
  await Deno.writeTextFile(path, JSON.stringify(roles));
  await work(path);
  await Deno.remove(folder, { recursive: true });
}

Deno.test("casesOfRole() keeps the images of a role, those of validation unless one is named", () =>
  withRoles(
    { "cells.zip": { train: ["a"], validation: ["b", "c"], watched: ["d"] } },
    async (roles) => {
      const lines: string[] = [];
      const idsOf = async (role?: string) =>
        (await casesOfRole(
          "data/cells.zip",
          cases,
          { roles, ...(role !== undefined && { role }) },
          (line) => lines.push(line),
        )).map(({ id }) => id);
      assertEquals(await idsOf(), ["b", "c"]);
      assertEquals(lines, ["Left out by roles.json: 1 train, 1 watched"]);
      assertEquals(await idsOf("watched"), ["d"]);
      await assertRejects(() => idsOf("test"), DatasetError, "role test");
    },
  ));

Deno.test("casesOfRole() keeps all images without a file of roles", async () => {
  assertEquals(await casesOfRole("x", cases, {}, () => {}), cases);
});

Deno.test("casesOfRole() refuses data that the file does not know", () =>
  withRoles({ "cells.zip": { validation: ["a"] } }, async (roles) => {
    await assertRejects(
      () => casesOfRole("others.zip", cases, { roles }, () => {}),
      DatasetError,
      'no roles of data set "others"',
    );
  }));

Deno.test("checkRoles() refuses what contradicts roles", () => {
  const plain = { part: "all", findThreshold: false };
  const refused = (choices: object, words: string) =>
    assertThrows(
      () => checkRoles({ ...plain, ...choices }),
      UsageError,
      words,
    );
  checkRoles(plain);
  checkRoles({ ...plain, roles: "r.json", findThreshold: true });
  checkRoles({ ...plain, roles: "r.json", role: "watched" });
  refused({ role: "validation" }, "no `roles`");
  refused({ roles: "r.json", part: "test" }, "`part test` beside it");
  refused(
    { roles: "r.json", role: "watched", findThreshold: true },
    "images of the role watched",
  );
});
