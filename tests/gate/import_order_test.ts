import { assertEquals } from "@std/assert";
import { type Dependency, readModuleGraph } from "./module_graph.ts";
import {
  isTestFile,
  memberOf,
  members,
  read,
  rootMember,
  sources,
} from "./workspace.ts";

const ground = ["errors", "files", "random"];
const published = [
  ...[...ground, "native"],
  "task",
  ...["data", "augment", "device", "model", "train", "infer", "tune"],
  "bioimageio",
];

/** What the device's users compute through; opens nothing. */
const contract = [
  "device/fused-kernels",
  "device/gradients",
  "device/lend-floats",
  "device/run-kernel",
];

/** What each folder may import; ARCHITECTURE.md says it in words. */
const mayImport: Record<string, readonly string[]> = {
  errors: [],
  files: ["errors"],
  native: ["errors", "files"],
  random: [],
  http: ["errors", "files"],
  task: ["errors"],
  data: [...ground, "native"],
  augment: [...ground, "data"],
  device: ["errors", "files", "native"],
  model: [...ground, ...contract, "task"],
  train: [...ground, ...contract, "task", "data", "augment", "model"],
  infer: [...ground, "task", "data", "model"],
  tune: [...ground, "task", "data", "augment", "model", "train"],
  bioimageio: [...ground, "task", "data", "model", "infer"],
  mpi: ["errors", "files", "native", "train/communicator"],
  app: published,
  studio: [...published, "http", "app"],
  serve: [...published, "http", "app"],
  cli: [...published, "mpi", "app", "studio", "serve"],
  examples: [...published, "mpi", "app", "."],
  bench: [...published, "mpi", "app", "cli"],
  docs: ["errors"],
  tests: [...published, "mpi", "app", "studio", "serve", "cli", "."],
  ".": [...published, "app"],
};

/**
 * What tests may import besides. They need a device to compute on; a package
 * that the device is built on may not, for that would close a circle.
 */
const testsMayImport: Record<string, readonly string[]> = {
  data: ["device"],
  augment: ["device"],
  model: ["device"],
  train: ["device"],
  infer: ["device"],
  bioimageio: ["device"],
  tune: ["device"],
};

/** Files that import what they are given, and why. */
const computed: Record<string, string> = {
  "cli/start.ts":
    "it runs before Deno looks at what the command line imports, to download it",
  "data/loader/batch_maker.ts":
    "a worker imports the caller's transform by the address it was given",
};

const { dependencies: graph, faults } = await readModuleGraph();

/** The import as the table above names it: a folder, or a folder's entry. */
function entryOf({ specifier, target }: Dependency): string {
  const folder = memberOf(target);
  const name = members.find((member) => member.folder === folder)?.config.name;
  return folder + (name ? specifier.slice(name.length) : "");
}

function placeOf({ file, specifier }: Dependency): string {
  return `${file} imports ${specifier}`;
}

Deno.test("every import leads somewhere", () => assertEquals(faults, []));

Deno.test("every folder has its place in the order of imports", () => {
  assertEquals(
    Object.keys(mayImport).sort(),
    [...members, rootMember].map(({ folder }) => folder).sort(),
  );
});

for (const [folder, allowed] of Object.entries(mayImport)) {
  const where = folder === "." ? "the root" : `${folder}/`;
  Deno.test(`${where} imports of ours only ${allowed.join(", ") || "nothing"}`, () => {
    const inTests = [...allowed, ...testsMayImport[folder] ?? []];
    const isAllowed = (each: Dependency): boolean => {
      const entry = entryOf(each);
      const list = isTestFile(each.file) ? inTests : allowed;
      // A folder's name stands for all its entries.
      return list.includes(entry) || list.includes(memberOf(each.target));
    };
    assertEquals(
      graph.filter((each) =>
        memberOf(each.file) === folder && memberOf(each.target) !== folder &&
        (members.some((member) => member.folder === memberOf(each.target)) ||
          /^[^/:]+$/.test(each.target)) &&
        !isAllowed(each)
      ).map(placeOf),
      [],
    );
  });
}

Deno.test("no import reaches into another folder by a path", () => {
  assertEquals(
    graph.filter(({ file, specifier, target }) =>
      /^(\.|\/|file:)/.test(specifier) && memberOf(target) !== memberOf(file)
    ).map(placeOf),
    [],
  );
});

Deno.test("no worker or file of another member is reached by a path", () => {
  const found: string[] = [];
  for (const file of sources.filter((path) => !isTestFile(path))) {
    const calls = read(file).matchAll(
      /(?:new URL|import\.meta\.resolve)\(\s*["'`](\.\.?\/[^"'`]*)["'`]/g,
    );
    for (const [, path = ""] of calls) {
      const target = new URL(path, `file:///${file}`).pathname.slice(1);
      // Data beside the members, for a checkout alone.
      if (target.startsWith("models/")) continue;
      if (memberOf(target) !== memberOf(file)) found.push(`${file}: ${path}`);
    }
  }
  assertEquals(found, []);
});

Deno.test("the code names packages without registry or version", () => {
  assertEquals(
    graph.filter(({ specifier }) => /^(npm|jsr|https?|data):/.test(specifier))
      .map(placeOf),
    [],
  );
});

Deno.test("published code imports nothing under a name that it computes", () => {
  const found = sources.filter((path) =>
    !isTestFile(path) && !path.startsWith("compat/") &&
    /(?<![.\w])import\((?!\s*["'])/.test(withoutComments(read(path)))
  );
  assertEquals(found.sort(), Object.keys(computed).sort());
});

Deno.test("no file imports itself, directly or through others", () => {
  const targets = new Map<string, string[]>();
  for (const { file, target, isCode } of graph) {
    if (!isCode) continue;
    targets.set(file, [...targets.get(file) ?? [], target]);
  }
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: string[]): void => {
    if (path.includes(file)) {
      circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
    }
    if (done.has(file) || path.includes(file)) return;
    for (const target of targets.get(file) ?? []) {
      visit(target, [...path, file]);
    }
    done.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  assertEquals(circles, []);
});

for (const member of members) {
  const { folder, config: { imports = {}, name: own } } = member;
  const bare = graph.filter(({ file, specifier }) =>
    memberOf(file) === folder && !/^(\.|\/|node:|file:)/.test(specifier)
  );
  const covers = (key: string, specifier: string): boolean =>
    specifier === key ||
    specifier.startsWith(key.endsWith("/") ? key : `${key}/`);

  Deno.test(`${folder}/deno.json declares every package that the folder imports`, () => {
    const declared = [...Object.keys(imports), ...own ? [own] : []];
    // What is not published finds the workspace's packages on its own.
    const isDeclared = (specifier: string): boolean =>
      declared.some((key) => covers(key, specifier)) ||
      (own === undefined && specifier.startsWith("@unet/"));
    assertEquals(
      bare.filter(({ specifier }) => !isDeclared(specifier)).map(placeOf),
      [],
    );
  });

  Deno.test(`${folder}/deno.json declares no package that nothing uses`, () => {
    const inComments = sources.filter((path) => memberOf(path) === folder)
      .flatMap((path) => [
        ...importsInDocs(read(path)),
        ...importsOfTypes(read(path)),
      ]);
    const used = [...bare.map(({ specifier }) => specifier), ...inComments];
    assertEquals(
      Object.keys(imports).filter((key) =>
        !used.some((specifier) => covers(key, specifier))
      ),
      [],
    );
  });
}

/** Packages that the examples in doc comments import. */
function importsInDocs(text: string): string[] {
  return [...text.matchAll(/^\s*\*.*\bfrom ["']([^"']+)["']/gm)]
    .map(([, specifier = ""]) => specifier);
}

/** Packages that hold the types of others, which code names in a comment. */
function importsOfTypes(text: string): string[] {
  return [...text.matchAll(/^\s*\/\/ @ts-types=["']([^"']+)["']/gm)]
    .map(([, specifier = ""]) => specifier);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}
