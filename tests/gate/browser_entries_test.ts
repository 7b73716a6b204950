import { assert, assertEquals } from "@std/assert";
import { type Dependency, readModuleGraph } from "./module_graph.ts";
import { entryPoints, packages, read } from "./workspace.ts";

const { dependencies } = await readModuleGraph();

/** Entries whose module doc says that they run in a browser. */
const entries = packages.flatMap((member) =>
  entryPoints(member).map(([, file]) =>
    `${member.folder}/${file.replace("./", "")}`.replace("./", "")
  )
).filter((file) =>
  /\bRuns in a\s+(\*\s+)?browser\./.test(
    read(file).slice(0, read(file).indexOf("*/")),
  )
);

/** What a file loads when it is imported: no types, no import() calls. */
function loads({ isCode, isDynamic }: Dependency): boolean {
  return isCode && !isDynamic;
}

/** Every file and package that an entry loads, and what imports it. */
function loadedBy(entry: string): Map<string, string> {
  const found = new Map([[entry, ""]]);
  for (const file of found.keys()) {
    for (const dependency of dependencies) {
      if (dependency.file !== file || !loads(dependency)) continue;
      const { target } = dependency;
      if (!found.has(target)) found.set(target, file);
    }
  }
  return found;
}

/** Why a file does not run in a browser, or null. */
function obstacleIn(target: string): string | null {
  if (/^node:|npm:\/?sharp/.test(target)) return target;
  if (!target.endsWith(".ts") || /^\w+:/.test(target)) return null;
  const code = read(target).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
  // A file that asks whether Deno is there does without it.
  if (/"Deno" in globalThis/.test(code)) return null;
  return /\bDeno\.\w+/.exec(code)?.[0] ?? null;
}

Deno.test("some entries of every room that a page needs run in a browser", () => {
  const rooms = new Set(entries.map((file) => file.split("/")[0]));
  const expected = ["augment", "data", "device", "errors", "infer", "random"];
  assertEquals(expected.filter((room) => !rooms.has(room)), []);
  assert(entries.length >= 20);
});

for (const entry of entries) {
  Deno.test(`${entry} loads nothing that a browser lacks, as its doc says`, () => {
    const obstacles: string[] = [];
    for (const [target, importer] of loadedBy(entry)) {
      const obstacle = obstacleIn(target);
      if (obstacle) {
        obstacles.push(`${importer} imports ${target}: ${obstacle}`);
      }
    }
    assertEquals(obstacles, []);
  });
}
