import { assertEquals } from "@std/assert";
import { personFolder } from "./person_folder.ts";

const project = "/programs/unet";

for (
  const [what, current, initial, expected] of [
    ["a task's INIT_CWD", project, "/lab", "/lab"],
    ["the project's folder where a task was called there", project, project],
    ["the current folder where nothing is set", project, undefined, project],
    ["the current folder where the variable is empty", project, "", project],
    ["no inherited INIT_CWD in another folder", "/lab", "/npm/script", "/lab"],
    ["no inherited INIT_CWD below the project", `${project}/docs`, "/lab"],
  ] as const
) {
  Deno.test(`personFolder() takes ${what}`, () => {
    const folder = personFolder({ current, project, initial });
    assertEquals(folder, expected ?? current);
  });
}
