/**
 * Writes the parts of models' cards that follow from their files: facts of the
 * header, data sets, scores. `deno task bench cards`, of which README.md says
 * more.
 */
// deno-lint-ignore-file no-console
import { fromFileUrl, join } from "@std/path";
import { cannot, UsageError } from "@unet/errors";
import { parseJson, pathInfo, readFile, writeFile } from "@unet/files";
import { publishedModels, publishedNames, readModel } from "@unet/model";
import {
  type CardScores,
  type CardSource,
  factsOf,
  figuresOf,
  sourcesTable,
} from "./card_text.ts";
import { formatFile } from "./format_file.ts";
import { readFlags } from "./read_flags.ts";
import { replaceSection } from "./replace_section.ts";

/**
 * Writes the cards of the published models.
 *
 * @param args The command line, after the benchmark's name.
 * @throws {UsageError} If an argument is none of its flags.
 * @throws {UnetError} If a model, its scores or its card cannot be read.
 */
export async function writeCards(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { switches: [], values: [], lists: ["model"] });
  const published = await publishedNames(), given = flags.texts("model");
  const stranger = given.find((name) => !published.includes(name));
  if (stranger !== undefined) {
    throw new UsageError(
      cannot("use", "flag", "--model", {
        found: stranger,
        expected: published.join(", "),
      }),
    );
  }
  for (const name of given.length > 0 ? given : published) {
    console.log(await writeCard(join(fromFileUrl(publishedModels), name)));
  }
}

/** Writes the card in a model's folder. */
async function writeCard(folder: string): Promise<string> {
  const file = join(folder, "README.md"), saved = await readModel(folder);
  const limits = await pathInfo(
    join(folder, "model.int8.json"),
    "read",
    "file",
  );
  const sources = await readJson(join(folder, "..", "sources.json"));
  const sections = {
    facts: factsOf(saved, limits !== null),
    sources: sourcesTable(saved, sources as Record<string, CardSource>),
    figures: figuresOf(await readScores(join(folder, "scores"))),
  };
  let text = new TextDecoder().decode(await readFile(file, "card"));
  for (const [name, content] of Object.entries(sections)) {
    text = replaceSection(text, { name, content, file });
  }
  await writeFile(file, text);
  await formatFile(file);
  return file;
}

/** What evaluate printed, in the order of the files' names. */
async function readScores(folder: string): Promise<CardScores[]> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name.endsWith(".json")).sort();
  return await Promise.all(names.map(async (name) => ({
    name: name.replace(/\.json$/, ""),
    content: await readJson(join(folder, name)) as CardScores["content"],
  })));
}

async function readJson(path: string): Promise<unknown> {
  return parseJson(new TextDecoder().decode(await readFile(path, "file")));
}
