import { assert, assertEquals } from "@std/assert";
import { functionSizes } from "./functions.ts";
import { isTestFile, memberOf, members, read, sources } from "./workspace.ts";

const most = { lines: 80, parameters: 4 };

/** Rooms whose functions are not held to these limits yet. */
const unmeasured = ["app", "cli"];

/** Functions beyond the limits, and why. */
const allowed: Readonly<Record<string, string>> = {
  "device/onednn/onednn_backend.ts move":
    "tfjs calls this method of its backends",
};

Deno.test("no function has more than 80 lines or four parameters without a reason", () => {
  const rooms = members.map(({ folder }) => folder)
    .filter((folder) => !["tests", ...unmeasured].includes(folder));
  const found = sources
    .filter((path) => !isTestFile(path) && rooms.includes(memberOf(path)))
    .flatMap((path) =>
      functionSizes(read(path), path).filter(({ lines, parameters }) =>
        lines > most.lines || parameters > most.parameters
      ).map(({ name, lines, parameters }) => ({
        place: `${path} ${name}`,
        size: `${lines} lines, ${parameters} parameters`,
      }))
    );
  assertEquals(found.filter(({ place }) => !(place in allowed)), []);
  const unused = Object.keys(allowed)
    .filter((each) => !found.some(({ place }) => place === each));
  assertEquals(unused, []);
  for (const reason of Object.values(allowed)) assert(reason.length > 10);
});

Deno.test("functionSizes() measures functions, methods and arrows", () => {
  const source = [
    "export function first(a: number, { b }: B, ...rest: C[]): void {",
    "}",
    "const second = (a: number) =>",
    "  a +",
    "  1;",
    "class Third {",
    "  constructor(readonly a: A, b = 1) {}",
    "  #run(): void {}",
    "}",
    "call(() => {});",
  ].join("\n");
  assertEquals(functionSizes(source), [
    { name: "first", lines: 2, parameters: 3 },
    { name: "second", lines: 3, parameters: 1 },
    { name: "constructor", lines: 1, parameters: 2 },
    { name: "run", lines: 1, parameters: 0 },
    { name: "call", lines: 1, parameters: 0 },
  ]);
});
