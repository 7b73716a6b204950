/**
 * Finds measured figures in README.md, docs/ and the models' cards whose section
 * names no source: no command that measures them, no page that has the runs, no
 * date. To list them: deno run -P=test tests/gate/figures.ts
 */
import { files, read } from "./workspace.ts";

/** A figure, and where it stands. */
export interface Figure {
  /** The line, from 1. */
  readonly line: number;
  /** The figure, as in "2.4 times as fast". */
  readonly figure: string;
}

/** A number with what makes it a measurement: a unit of speed or a score. */
const measured = new RegExp(
  [
    String.raw`\b(?:F1|AP(?: at 0\.5)?|Dice|IoU)\b[^.|\n]{0,20}? 0\.\d{2,}`,
    String.raw`\b\d[\d.,]* ?(?:GFLOPS|MP/s|images/s)\b`,
    String.raw`\b\d[\d.,]* (?:images|megapixels|tiles|windows) per second\b`,
    String.raw`\b\d[\d.,]* times (?:as fast|faster|slower)\b`,
    String.raw`\b\d[\d.,]* (?:ms|s|min) (?:per|for|instead|on)\b`,
    String.raw`\b\d[\d.,]* (?:MiB|GiB) instead\b`,
  ].join("|"),
  "g",
);

/** What a reader can run, open or date: how a figure came about. */
const source = new RegExp(
  [
    String.raw`deno task bench`,
    String.raw`\bunet (?:evaluate|train|segment|tune)\b`,
    String.raw`\]\((?:[^)]*\/)?(?:bench|experiments|first-run|reproduction|` +
    String.raw`nuclei-model|models|fine-tuning|tuning|README)[^)]*\)`,
    String.raw`\b20\d\d-\d\d(?:-\d\d)?\b`,
  ].join("|"),
);

/**
 * The figures of a text whose section has neither a command that measures them,
 * nor a link to the page that does, nor a date.
 *
 * @param text Markdown; a section lasts from one heading to the next.
 * @returns The figures, in order.
 */
export function figuresWithoutSource(text: string): Figure[] {
  const found: Figure[] = [];
  let section: Figure[] = [], hasSource = false;
  const close = (): void => {
    if (!hasSource) found.push(...section);
    section = [];
    hasSource = false;
  };
  text.split("\n").forEach((content, at) => {
    if (/^#{1,6} /.test(content)) close();
    if (source.test(content)) hasSource = true;
    for (const [figure] of content.matchAll(measured)) {
      section.push({ line: at + 1, figure });
    }
  });
  close();
  return found;
}

/** Every figure without a source in the repository, as `file:line: figure`. */
export function unsourcedFigures(): string[] {
  return files.filter((path) =>
    /^(README\.md|docs\/.*\.md|models\/.*\.md)$/.test(path)
  ).flatMap((path) =>
    figuresWithoutSource(read(path)).map(({ line, figure }) =>
      `${path}:${line}: ${figure}`
    )
  );
}

if (import.meta.main) {
  const found = unsourcedFigures();
  const text = [...found, `${found.length} without a source`].join("\n");
  await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
}
