import { assert, assertEquals } from "@std/assert";
import { type Dependency, readModuleGraph } from "./module_graph.ts";
import { memberOf, read } from "./workspace.ts";

const { dependencies } = await readModuleGraph();

/** The files of the commands, as the table of commands imports them. */
const commands = [
  ...read("cli/commands.ts").matchAll(/import\("\.\/(\w+\.ts)"\)/g),
]
  .map(([, file]) => `cli/${file}`);

/** What a file loads when it is imported: no types, no import() calls. */
function loads({ isCode, isDynamic }: Dependency): boolean {
  return isCode && !isDynamic;
}

/** Every file and package that a file loads. */
function loadedBy(entry: string): string[] {
  const found = new Set([entry]);
  for (const file of found) {
    for (const dependency of dependencies) {
      if (dependency.file === file && loads(dependency)) {
        found.add(dependency.target);
      }
    }
  }
  return [...found];
}

/** The packages from npm that a file loads. */
function packagesOf(entry: string): string[] {
  return loadedBy(entry).filter((target) => target.startsWith("npm:"));
}

Deno.test("the command line loads no package and no command before it is asked for one", () => {
  const loaded = loadedBy("cli/main.ts");
  assert(loaded.includes("cli/help.ts"));
  assertEquals(packagesOf("cli/main.ts"), []);
  assert(commands.length > 10);
  assertEquals(loaded.filter((file) => commands.includes(file)), []);
});

for (const command of commands) {
  Deno.test(`${command} loads neither tensors nor the image library before it runs`, () => {
    assertEquals(
      packagesOf(command).filter((name) => /tensorflow|sharp|onnx/.test(name)),
      [],
    );
  });
}

Deno.test("segmentation loads no device, nothing that trains and no image library", () => {
  const loaded = loadedBy("app/segment.ts");
  assert(loaded.includes("device/open_device.ts"));
  const rooms = new Set(loaded.map(memberOf));
  assertEquals(
    ["train", "tune", "augment", "cli"].filter((room) => rooms.has(room)),
    [],
  );
  assertEquals(
    loaded.filter((file) => /_driver\.ts$|npm:.*sharp/.test(file)),
    [],
  );
});
