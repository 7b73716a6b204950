import { assertEquals } from "@std/assert";
import { phrasingsIn } from "./phrasings.ts";
import { files, read } from "./workspace.ts";

const texts = files.filter((path) =>
  /\.(ts|md|py)$|^\.ci\/|(^|\/)deno\.json$/.test(path) &&
  !path.startsWith("tests/gate/phrasings") && !path.includes("/fixtures/")
);

Deno.test("texts and code use the phrasings of a native speaker", () => {
  const faults = texts.flatMap((path) =>
    read(path).split("\n").flatMap((line, at) => {
      const [first] = phrasingsIn(line);
      return first === undefined ? [] : [
        `${path}:${at + 1}: "${first.pattern.exec(line)![0]}": ` +
        `write ${first.instead}`,
      ];
    })
  );
  assertEquals(faults, []);
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
    "study.tell(trial, value)",
    "300 dots per inch",
  ];
  assertEquals(refused.filter((line) => phrasingsIn(line).length === 0), []);
  assertEquals(plain.filter((line) => phrasingsIn(line).length > 0), []);
});
