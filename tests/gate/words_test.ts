import { assert, assertEquals } from "@std/assert";
import { files, read } from "./workspace.ts";

/** This file spells out what it forbids. */
const itself = "tests/gate/words_test.ts";

const texts = files.filter((path) =>
  path !== itself &&
  /\.(ts|js|md|json|jsonc|lock|py|sh|svg|csv|txt|html|css|yml|yaml|toml)$|^\.ci\/|LICENSE$|^\.git/
    .test(path)
);

/** Every place of a pattern, as `file:line: text`. */
function find(pattern: RegExp, within: RegExp = /./): string[] {
  return texts.filter((path) => within.test(path)).flatMap((path) =>
    read(path).split("\n").flatMap((line, at) => {
      const found = pattern.exec(line)?.[0];
      return found === undefined ? [] : [`${path}:${at + 1}: ${found.trim()}`];
    })
  );
}

const code = /\.(ts|py|md)$|^\.ci\//;

Deno.test("no text holds a path of somebody's machine", () => {
  const folders = ["work", "root", "farm", "Users"].join("|");
  assertEquals(find(new RegExp(`(^|[^\\w.)}-])/(${folders})/`)), []);
  assertEquals(find(/\b[A-Z]:\\\\?Users\\/), []);
  // Tests of what the environment says need a home to put into it.
  assertEquals(find(/(^|[^\w.)}-])\/home\//, /(?<!_test\.ts)$/), []);
});

Deno.test("no text holds the host of a package registry", () => {
  const hosts = [
    ["registry", "npmjs"],
    ["registry", "yarnpkg"],
    ["npm", "jsr", "io"],
    ["files", "pythonhosted"],
    ["deb", "debian"],
    ["archive", "ubuntu"],
  ].map((parts) => parts.join("\\.")).join("|");
  assertEquals(find(new RegExp(hosts)), []);
});

Deno.test("nothing is left open in the code", () => {
  const marks = /\b(TODO|FIXME|XXX|HACK|WIP)\b|[nN]ot (yet )?implemented\b/;
  assertEquals(find(marks, code), []);
});

Deno.test("no test is singled out", () => {
  assertEquals(find(/\.only\(|\bonly: true/, /\.ts$/), []);
});

Deno.test("a test is switched off only under a name that says why", () => {
  const unexplained: string[] = [];
  for (const path of texts.filter((path) => path.endsWith(".ts"))) {
    const lines = read(path).split("\n");
    lines.forEach((line, at) => {
      if (!/\bignore: true|\.ignore\(|\.skip\(/.test(line)) return;
      const around = lines.slice(Math.max(0, at - 4), at + 5).join("\n");
      if (!/skipped: /.test(around)) unexplained.push(`${path}:${at + 1}`);
    });
  }
  assertEquals(unexplained, []);
});

Deno.test("the text speaks of the project alone", () => {
  assertEquals(find(/\b[iI]ssues? #?\d+|\bPR #\d+/, code), []);
});

/** Places where a British spelling is somebody else's name, with the reason. */
const foreign: Record<string, string> = {};

Deno.test("spelling is American", () => {
  // "grey16" is libvips' name of a color space.
  const british = [
    ...["colour", "grey(?!16)", "centre", "behaviour", "neighbour", "favour"],
    ...[
      "labelled",
      "labelling",
      "modelling",
      "artefact",
      "licence",
      "analys(e|ing)\\b",
    ],
    ...[
      "(normal|initial|optim|standard|serial|organ|recogn|summar)is(e|ing|ation)",
    ],
    ...[
      "(visual|vector|random|minim|maxim|synchron|util|regular)is(e|ing|ation)",
    ],
  ].join("|");
  assertEquals(
    find(new RegExp(british, "i"), code).filter((place) =>
      !Object.keys(foreign).some((start) => place.startsWith(start))
    ),
    [],
  );
  for (const reason of Object.values(foreign)) assert(reason.length > 10);
});

Deno.test("the command line, benchmarks, examples and tests alone print", () => {
  const mayPrint = /^(cli|bench)\/|\/fixtures\/|_test\.ts/;
  assertEquals(
    find(/deno-lint-ignore(-file)?[^\n]*\bno-console\b/).filter((place) =>
      !mayPrint.test(place)
    ),
    [],
  );
});
