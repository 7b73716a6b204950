import { assert } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { commandNames, loadCommand } from "./commands.ts";
import { readFlags } from "./flags.ts";

const project = fromFileUrl(new URL("..", import.meta.url));

/** Texts that people copy commands from. */
function documents(): string[] {
  const folders = ["", "docs", "models", "experiments", "cli", "infer/batch"];
  return folders.flatMap((folder) =>
    [...Deno.readDirSync(join(project, folder))]
      .filter(({ name }) => name.endsWith(".md"))
      .map(({ name }) => join(folder, name))
  );
}

/** The command lines of this program in a text's shell blocks, as words. */
function commandsOf(text: string): string[][] {
  const blocks = [...text.matchAll(/^```(?:sh|bash)\n([\s\S]*?)^```$/gm)];
  return blocks.flatMap(([, block = ""]) =>
    block.replaceAll("\\\n", " ").split("\n").flatMap((line) => {
      const [, words] =
        /^(?:[A-Z_]+=\S+ )*(?:exec )?(unet .*|(?:npx --yes )?deno task (?:-q )?(?:unet|train|tune|segment|evaluate)\b.*)$/
          .exec(line.trim()) ?? [];
      if (words === undefined) return [];
      const args = wordsOf(words);
      const at = args.findIndex((word) =>
        (commandNames as readonly string[]).includes(word)
      );
      return at < 0 ? [] : [args.slice(at)];
    })
  );
}

/** A line's words as a shell reads them; a comment ends it. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)) {
    if (word.startsWith("#") || /^[|>;&]/.test(word)) break;
    words.push(word.replace(/'([^']*)'|"([^"]*)"/g, "$1$2"));
  }
  return words;
}

for (const path of documents()) {
  const commands = commandsOf(await Deno.readTextFile(join(project, path)));
  if (commands.length === 0) continue;
  Deno.test(`${path} shows commands and flags that there are`, async () => {
    for (const [name = "", ...args] of commands) {
      const command = await loadCommand(name as typeof commandNames[number]);
      const table = command.groups.flatMap(({ flags }) => flags);
      // What a shell puts in place of a variable is not known here.
      const plain = args.map((word) => /^\$\w+$/.test(word) ? "" : word)
        .filter((word) => word !== "" && !word.includes("$(("));
      if (plain.some((word) => /^--?h(elp)?$/.test(word))) continue;
      const { positional } = readFlags(name, table, plain);
      const [, maximum] = command.positional;
      assert(positional.length <= maximum, `${name} ${args.join(" ")}`);
    }
  });
}

Deno.test("commandsOf() finds this program's commands, and their words", () => {
  const text = "```sh\nunet segment 'a b' --model x # what\n" +
    "npx --yes deno task -q unet check y\nls z\n```\n";
  const found = commandsOf(text).map((words) => words.join("|"));
  assert(found.join(";") === "segment|a b|--model|x;check|y", found.join(";"));
});
