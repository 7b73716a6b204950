import { assert, assertEquals } from "@std/assert";
import { commandsOf } from "./task_commands.ts";
import { files, read, rootMember } from "./workspace.ts";

const { tasks = {}, permissions = {} } = rootMember.config;

/** Whether a command grants everything. */
const grantsAll = (command: string): boolean =>
  /(^|\s)(-[a-zA-Z]*A[a-zA-Z]*|--allow-all)(\s|$)/.test(command);

Deno.test("deno.json has the tasks that the docs name", () => {
  const expected = [
    "bench",
    "evaluate",
    "ok",
    "segment",
    "test",
    "train",
    "tune",
    "unet",
  ];
  assertEquals(expected.filter((name) => !(name in tasks)), []);
});

for (const name of Object.keys(tasks)) {
  Deno.test(`deno task ${name} names its permissions and never grants all`, () => {
    for (const command of commandsOf(name)) {
      assert(!grantsAll(command), command);
      if (!/\bdeno (run|test|bench|serve|eval)\b/.test(command)) continue;
      const granted = / (-P|--permission-set)(?:=(\S+))?/.exec(command);
      assert(
        granted || / --allow-\w+/.test(command),
        `Expected -P=<set> or --allow-… in: ${command}`,
      );
      const set = granted?.[2] ?? "default";
      if (granted) assert(set in permissions, `No permission set "${set}"`);
    }
  });
}

for (const [name, set] of Object.entries(permissions)) {
  Deno.test(`permission set "${name}" does not grant all`, () => {
    assert(typeof set === "object" && set !== null && !("all" in set));
  });
}

Deno.test("no command in a README, a doc or the CI grants all", () => {
  const commands = files.filter((path) => /\.md$|^\.ci\//.test(path)).flatMap(
    (path) => read(path).split("\n").map((line) => `${path}: ${line}`),
  );
  assertEquals(
    commands.filter((line) => /\bdeno\b/.test(line) && grantsAll(line)),
    [],
  );
});

Deno.test("only the sets of tune and of tests may start Deno", () => {
  // Whoever may run Deno has every permission.
  const may = Object.entries(permissions).filter(([, set]) => {
    const { run } = set as { run?: boolean | string[] };
    return run === true || (Array.isArray(run) && run.includes("deno"));
  }).map(([name]) => name);
  assertEquals(may.sort(), ["bench", "test", "tune"]);
});
