import { assert, assertEquals } from "@std/assert";
import { basename, join } from "@std/path";
import { readModuleGraph } from "./module_graph.ts";
import {
  entryPoints,
  files,
  isTestFile,
  members,
  read,
  sources,
} from "./workspace.ts";

/** A test file is a list of cases that do not depend on one another. */
const longest = { code: 350, tests: 600 };

/** Files that may be longer, and why each is one thing. */
const long: Record<string, string> = {
  "device/gradients.ts": "one table, an entry a kernel",
  "tune/journal/journal.ts": "one class, a short method each kind of line",
};

/** Exported files without a test beside them, and what tests them. */
const testedElsewhere: Record<string, string> = {
  "app/settings/choice_of_settings.ts":
    "model_card_test.ts writes what it gives",
  "app/settings/resumed_settings.ts": "train_test.ts continues with it",
  "app/studies/clear_trials.ts": "tests/flow kills the workers of a study",
  "app/studies/trial_objective.ts": "study_test.ts tries settings with it",
  "app/training/is_offline.ts": "tests/flow sets what it reads",
  "infer/outputs/converted_tiff.ts":
    "the tests of label and probability TIFFs write through it",
  "native/fetch_wheel.ts": "tests/flow has it fetch, with a pip of its own",
  "native/keep_loaded.ts": "the devices of native code load by it",
  "native/run_pip.ts": "tests/flow has it run, with a pip of its own",
  "model/model_file_name.ts":
    "find_model_file_test.ts finds files of this name",
  "device/webgpu/webgpu_driver.ts": "tests/conformance opens it",
};

Deno.test("no file is longer than 350 lines, a test's 600, without a reason", () => {
  const found = sources.filter((path) =>
    read(path).trimEnd().split("\n").length >
      (isTestFile(path) ? longest.tests : longest.code)
  );
  assertEquals(found.filter((path) => !(path in long)), []);
  assertEquals(Object.keys(long).filter((path) => !found.includes(path)), []);
  for (const reason of Object.values(long)) assert(reason.length > 10);
});

Deno.test("files are named in snake_case, after what is in them", () => {
  assertEquals(
    sources.filter((path) =>
      !/^_?[a-z0-9]+(_[a-z0-9]+)*\.tsx?$/.test(basename(path))
    ),
    [],
  );
  const vague =
    /(^|[/_])(utils?|helpers?|common|misc|stuff|lib|shared)(\/|_|\.|$)/;
  assertEquals(files.filter((path) => vague.test(path)), []);
});

Deno.test("tests that change the environment are in files that run alone", () => {
  const changing = sources.filter((path) =>
    isTestFile(path) && /Deno\.env\.(set|delete)\(/.test(read(path))
  ).filter((path) => !path.startsWith("tests/gate/"));
  const named = sources.filter((path) => path.endsWith("_environment_test.ts"));
  assertEquals(changing.toSorted(), named.toSorted());
  const examples = files.filter((path) =>
    / \* Deno\.env\.(set|delete)\(/.test(read(path))
  );
  assertEquals(examples, []);
});

Deno.test("a test beside it imports every exported file with code", async () => {
  const { dependencies } = await readModuleGraph();
  const entries = members.flatMap((member) =>
    entryPoints(member).map(([, file]) => join(member.folder, file))
  );
  const exported = new Set([
    ...entries.filter((path) => basename(path) !== "mod.ts"),
    // What a mod.ts gathers; other entries import what serves them alone.
    ...dependencies.filter(({ file, specifier }) =>
      entries.includes(file) && basename(file) === "mod.ts" &&
      specifier.startsWith("./")
    ).map(({ target }) => target),
  ]);
  const hasCode = (path: string): boolean =>
    /^export (?!type |interface |\* |\{)/m.test(read(path));
  const tested = new Set(
    dependencies.filter(({ file, specifier }) =>
      isTestFile(file) && specifier.startsWith("./")
    ).map(({ target }) => target),
  );
  const untested = [...exported].filter((path) =>
    hasCode(path) && !tested.has(path)
  ).sort();
  assertEquals(untested.filter((path) => !(path in testedElsewhere)), []);
  assertEquals(
    Object.keys(testedElsewhere).filter((path) => !untested.includes(path)),
    [],
  );
});

Deno.test("every fixture that holds outside numbers has the script that made it", () => {
  const isScript = (path: string): boolean => /\.(py|ts|sh)$/.test(path);
  const folderOf = (path: string): string =>
    path.slice(0, path.lastIndexOf("/"));
  const lone = files.filter((path) =>
    path.includes("/fixtures/") && !isScript(path) && !path.endsWith(".md") &&
    !files.some((other) =>
      isScript(other) &&
      [folderOf(path), folderOf(folderOf(path))].includes(folderOf(other)) &&
      (isTestFile(other) || other.endsWith(".py")) &&
      !other.endsWith("_test.ts")
    )
  );
  assertEquals(lone, []);
});

Deno.test("no file is larger than two megabytes", () => {
  // A model given away has a limit of its own, in tests/flow.
  const large = files.filter((path) =>
    !path.startsWith("models/") &&
    Deno.statSync(new URL(`../../${path}`, import.meta.url)).size > 2e6
  );
  assertEquals(large, []);
});
