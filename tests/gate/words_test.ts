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
  // Put together here, so that a search for them finds nothing in this file.
  const folders = ["work", "root", "home", "Users", "farm"].join("|");
  assertEquals(find(new RegExp(`(^|[^\\w.)}-])/(${folders})/`)), []);
  assertEquals(find(/\b[A-Z]:\\\\?Users\\/), []);
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

Deno.test("no test is singled out or switched off for good", () => {
  const off = /\.only\(|\bonly: true|\bignore: true|\.ignore\(|\.skip\(/;
  assertEquals(find(off, /_test\.ts$/), []);
});

Deno.test("the text speaks of the project alone", () => {
  assertEquals(find(/\b[iI]ssues? #?\d+|\bPR #\d+/, code), []);
});

/** British spellings that stand in somebody else's name or data, with the reason. */
const foreign: Record<string, string> = {};

Deno.test("spelling is American", () => {
  const british = [
    ...["colour", "grey", "centre", "behaviour", "neighbour", "favour"],
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

Deno.test("the command line, benchmarks and programs of tests alone print", () => {
  const mayPrint = /^(cli|bench)\/|\/fixtures\//;
  assertEquals(
    find(/deno-lint-ignore(-file)?[^\n]*\bno-console\b/).filter((place) =>
      !mayPrint.test(place)
    ),
    [],
  );
});
