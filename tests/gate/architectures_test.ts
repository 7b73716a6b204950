import { assert, assertEquals } from "@std/assert";
import { architecturesAskedFor } from "./architectures.ts";
import { read, sources } from "./workspace.ts";

/** The rooms that know networks and tasks from inside. */
const knowing = ["model/", "task/"];

/** Comparisons that are about something else, and what. */
const allowed: Readonly<Record<string, string>> = {
  'file.metadata.format === "unet"': "the format of a file's header",
  'name === "unet"': "the name of a study",
  'read("UNET_PROGRAM") === "unet"': "the name of the installed command",
};

Deno.test("no file outside model/ and task/ asks for an architecture or a number of outputs", () => {
  const found = sources
    .filter((path) => !knowing.some((room) => path.startsWith(room)))
    .flatMap((path) =>
      architecturesAskedFor(read(path), path).map((asked) => ({ path, asked }))
    );
  assertEquals(found.filter(({ asked }) => !(asked in allowed)), []);
  const unused = Object.keys(allowed)
    .filter((each) => !found.some(({ asked }) => asked === each));
  assertEquals(unused, []);
  for (const reason of Object.values(allowed)) assert(reason.length > 10);
});

Deno.test("architecturesAskedFor() finds each way of asking, and nothing else", () => {
  const asking = [
    'network === "vgg16"',
    '"resnet34" !== plan.network',
    'name.startsWith("resnet")',
    '["vgg16", "vgg16_bn"].includes(name)',
    "outputs === 2",
    "model.outputs > 1",
    "heads.length === 1",
    "task.heads.length < 2",
    "channelsOfHeads(task.heads) === 2",
    "head.channels === 1",
    "heads[0]!.channels > 1",
  ];
  for (const each of asking) {
    assertEquals(architecturesAskedFor(`if (${each}) f();`), [each]);
  }
  assertEquals(
    architecturesAskedFor('switch (network) { case "resnet50": f(); }'),
    ['"resnet50"'],
  );
  const others = [
    'const plan = { network: "resnet34" };',
    "if (image.channels === 3) f();",
    "if (outputs.length === 2) f();",
    "if (network === other) f();",
    'f("vgg16");',
    "if (part === channels) f();",
  ];
  for (const each of others) assertEquals(architecturesAskedFor(each), []);
});
