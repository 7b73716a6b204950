import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { commandsOf } from "./task_commands.ts";
import {
  entryPoints,
  exists,
  files,
  packages,
  read,
  runDeno,
} from "./workspace.ts";

// The root hands on what its members document, a choice of it.
for (const member of packages.filter(({ folder }) => folder !== ".")) {
  Deno.test(`${member.config.name} documents every export and field`, async () => {
    const entries = entryPoints(member)
      .map(([, file]) => join(member.folder, file));
    const { success, output } = await runDeno(["doc", "--lint", ...entries]);
    if (success) return;
    // Deno asks to make public what another package already documents.
    const found = output.split(/(?=error\[)/)
      .filter((block) => block.startsWith("error["));
    const foreign = foreignTypes(member.folder);
    const ours = found.filter((block) =>
      !foreign.has(/references private type '(\w+)'/.exec(block)?.[1] ?? "")
    );
    assert(found.length > 0, output);
    assertEquals(ours, []);
  });
}

/** The names that a folder's code takes from other packages. */
function foreignTypes(folder: string): Set<string> {
  const names = new Set<string>();
  for (const path of files) {
    if (!path.startsWith(`${folder}/`) || !path.endsWith(".ts")) continue;
    const text = read(path);
    for (const [, list] of text.matchAll(/\{([^}]*)\} from "[^."]/g)) {
      for (const name of list!.split(",")) {
        names.add(name.replace(/\btype\b/, "").trim());
      }
    }
    for (const [, space] of text.matchAll(/\* as (\w+) from "[^."]/g)) {
      const member = new RegExp(`\\b${space}\\.(\\w+)`, "g");
      for (const [, name] of text.matchAll(member)) names.add(name!);
    }
  }
  return names;
}

Deno.test("`deno task test` runs the examples in docs and READMEs", () => {
  const tests = commandsOf("test").filter((command) =>
    command.includes("deno test")
  );
  const isWhole = (command: string): boolean => / --doc\b/.test(command);
  assert(tests.some(isWhole), `Expected --doc among:\n${tests.join("\n")}`);
});

Deno.test("docs/README.md lists every page of docs/", () => {
  const index = read("docs/README.md");
  const pages = files.filter((path) => /^docs\/.*\.md$/.test(path))
    .map((path) => path.slice("docs/".length))
    .filter((page) => page !== "README.md");
  assertEquals(pages.filter((page) => !index.includes(`(${page}`)), []);
});

Deno.test("no link of docs/README.md leads nowhere", () => {
  const links = [...read("docs/README.md").matchAll(/\]\(([^)#]+)[^)]*\)/g)]
    .map(([, link = ""]) => join("docs", link));
  assertEquals(links.filter((path) => !exists(path)), []);
});

Deno.test("no example is exempt from being run", () => {
  const exempt = files.filter((path) =>
    /\.(ts|md)$/.test(path) && /^[ *]*```ts ignore/m.test(read(path))
  );
  assertEquals(exempt, []);
});
