import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { phrasingsIn } from "./phrasings.ts";
import { files, read } from "./workspace.ts";

/**
 * Lines that were written before these rules, by a hash of their text. A line
 * that changes is no longer among them, so it has to follow the rules; none is
 * ever added.
 */
const known = "tests/gate/fixtures/known_phrasings.txt";

const texts = files.filter((path) =>
  /\.(ts|md|py)$|^\.ci\/|(^|\/)deno\.json$/.test(path) &&
  !path.startsWith("tests/gate/phrasings") && !path.includes("/fixtures/")
);

/** Every line with such a phrasing: its hash, and what to do about it. */
function found(): { hash: string; fault: string }[] {
  return texts.flatMap((path) =>
    read(path).split("\n").flatMap((line, at) => {
      const [first] = phrasingsIn(line);
      return first === undefined ? [] : [{
        hash: hashOf(line),
        fault: `${path}:${at + 1}: "${first.pattern.exec(line)![0]}": ` +
          `write ${first.instead}`,
      }];
    })
  );
}

function hashOf(line: string): string {
  return createHash("sha256").update(line.trim()).digest("hex").slice(0, 12);
}

Deno.test("new lines use the phrasings of a native speaker", () => {
  const old = new Set(read(known).trim().split("\n"));
  assertEquals(
    found().filter(({ hash }) => !old.has(hash)).map(({ fault }) => fault),
    [],
  );
});

Deno.test("phrasingsIn() finds phrasings and leaves plain English alone", () => {
  const refused = [
    "one mask a nucleus",
    "It goes on from last/.",
    "if the card tells",
    "8 images a second",
    "passes over what is done",
    "Tiles a step",
    "300 dots an inch",
    "Nothing foreign is replaced",
  ];
  const plain = [
    "one mask per nucleus",
    "It continues from last/.",
    "if the model's card specifies a threshold",
    "opens a file",
    "draws a line",
    "skips finished files",
    "@param mask A mask of the same size.",
    "300 dots per inch",
  ];
  assertEquals(refused.filter((line) => phrasingsIn(line).length === 0), []);
  assertEquals(plain.filter((line) => phrasingsIn(line).length > 0), []);
});
