import { assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { checkRoles } from "./check_roles.ts";

Deno.test("checkRoles() refuses what contradicts roles", () => {
  const plain = { part: "all" };
  const refused = (choices: object, words: string) =>
    assertThrows(
      () => checkRoles({ ...plain, ...choices }),
      UsageError,
      words,
    );
  checkRoles(plain);
  checkRoles({ ...plain, roles: "r.json", search: "findThreshold" });
  checkRoles({ ...plain, roles: "r.json", role: "watched" });
  refused({ role: "validation" }, "no `roles`");
  refused({ roles: "r.json", part: "test" }, "`part test` beside it");
  refused(
    { roles: "r.json", role: "watched", search: "findInstances" },
    "images of the role watched",
  );
});
