import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { publishedModels, publishedNames, readModel } from "@unet/model";

/** What sources.json says of a data set. */
interface Source {
  readonly license: string;
  readonly citation: string;
  readonly fingerprint?: string;
}

const models = fromFileUrl(publishedModels);
const names = await publishedNames();
const sources: Record<string, Source> = JSON.parse(
  Deno.readTextFileSync(join(models, "sources.json")),
);

/** A card's text, its lines joined as people read them. */
function cardOf(name: string): string {
  return Deno.readTextFileSync(join(models, name, "README.md"));
}

/** The data sets that a model's header names, by name or by fingerprint. */
function sourcesOf(card: Readonly<Record<string, unknown>>): Source[] {
  const { sources: counts, fingerprint } = card.data as {
    sources?: Record<string, unknown>;
    fingerprint: string;
  };
  if (counts) return Object.keys(counts).map((name) => sources[name]!);
  return Object.values(sources).filter((one) =>
    one.fingerprint === fingerprint
  );
}

/** The rows of a card's table of figures, a list of cells each. */
function figuresOf(text: string): string[][] {
  const part = /<!-- figures -->([\s\S]*)<!-- \/figures -->/.exec(text)?.[1];
  assert(part, "no figures");
  return part.split("\n").filter((line) => line.startsWith("|")).slice(2)
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

/** Every number in some JSON, as a table shows it. */
function numbersIn(value: unknown): string[] {
  if (typeof value === "number") {
    return [Number.isInteger(value) ? `${value}` : value.toFixed(3)];
  }
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap(numbersIn)
    : [];
}

Deno.test("there are published models", () => assert(names.length > 0));

for (const name of names) {
  Deno.test(`the card of ${name} gives its size and license, and the license and citation of each data set`, async () => {
    const text = cardOf(name), { bytes, card } = await readModel(name);
    assertStringIncludes(text, ` ${(bytes.length / 1e6).toFixed(1)} MB`);
    assert(typeof card.license === "string" && card.license.length > 2);
    assertStringIncludes(text, `${card.license}`);
    const own = sourcesOf(card);
    assert(own.length > 0, "no known data set");
    for (const { license, citation } of own) {
      assertStringIncludes(text, `| ${license} `);
      assertStringIncludes(text, citation);
    }
    assertStringIncludes(text, "## What it knows, and what it does not");
  });

  Deno.test(`each figure in the card of ${name} is in the file of scores that its row names`, () => {
    const rows = figuresOf(cardOf(name));
    assert(rows.length > 0);
    for (const row of rows) {
      const file = /^\[.*\]\((scores\/[\w.-]+\.json)\)$/.exec(row.at(-1)!)?.[1];
      assert(file, `no file in ${row}`);
      const known = new Set(
        numbersIn(
          JSON.parse(Deno.readTextFileSync(join(models, name, file))),
        ),
      );
      const figures = row.slice(0, -1).filter((cell) => /^[\d.]+$/.test(cell));
      assert(figures.length > 2, `${row}`);
      assertEquals(figures.filter((figure) => !known.has(figure)), []);
    }
  });
}
