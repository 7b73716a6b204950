/**
 * Fits the model of cost_model.ts to stored measurements, and writes what it
 * predicts for clusters into docs/clusters.md. `deno task bench cluster`, of
 * which README.md says more.
 */
// deno-lint-ignore-file no-console
import { cannot, UsageError } from "@unet/errors";
import { parseJson, pathInfo, readFile, writeFile } from "@unet/files";
import { findMpi } from "@unet/mpi";
import { clusterText } from "./cluster_text.ts";
import {
  type ClusterMpi,
  type ClusterWork,
  measureSteps,
  measureSums,
  measureTiles,
} from "./cluster_works.ts";
import { fitCosts, hiddenShare } from "./cost_model.ts";
import { formatFile } from "./format_file.ts";
import { type Machine, thisMachine } from "./machine.ts";
import { medianOf } from "./median_of.ts";
import { readFlags } from "./read_flags.ts";
import { replaceSection } from "./replace_section.ts";
import { scalingChart } from "./scaling_chart.ts";

/** The parts of a measurement, by name. */
const parts: Readonly<
  Record<string, (mpi: ClusterMpi) => Promise<ClusterWork[]>>
> = { tiles: measureTiles, sums: measureSums, steps: measureSteps };

/** Stored measurements; JSON has no infinite rate, so it is null there. */
interface ClusterResults {
  readonly machine: Machine;
  /** When each part was measured, and what a person noted of it. */
  readonly dates: Readonly<Record<string, string>>;
  readonly notes: Readonly<Record<string, string>>;
  readonly works: Readonly<Record<string, readonly ClusterWork[]>>;
}

/** Measures the parts that are named, fits, and writes the page. */
export async function benchCluster(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, {
    switches: [],
    values: ["measure", "mpiexec", "note", "results", "page", "chart"],
  });
  const {
    results: path = "bench/results/xeon-2-cores-mpi.json",
    page = "docs/clusters.md",
    chart = "docs/clusters/scaling.svg",
  } = {
    ...text("results", flags.text("results")),
    ...text("page", flags.text("page")),
    ...text("chart", flags.text("chart")),
  };
  const wanted = flags.text("measure")?.split(",") ?? [];
  let results = await readResults(path);
  for (const name of wanted) {
    const measure = parts[name];
    if (!measure) throw unknownPart(name);
    const mpiexec = flags.text("mpiexec") ?? "mpiexec";
    const works = await measure({ mpiexec, library: await findMpi() });
    const { [name]: _, ...notes } = results.notes;
    const note = flags.text("note");
    results = {
      machine: thisMachine(),
      notes: { ...notes, ...note && { [name]: note } },
      dates: {
        ...results.dates,
        [name]: new Date().toISOString().slice(0, 10),
      },
      works: { ...results.works, [name]: works },
    };
    await writeJson(path, results);
  }
  const works = Object.values(results.works).flat();
  const fitted = works.filter(({ role, isBeside }) =>
    role === "fit" && !isBeside
  );
  const costs = fitCosts(fitted);
  const shares = works.filter(({ role, isBeside }) =>
    role === "fit" && isBeside
  ).map((work) => hiddenShare(costs, work));
  const hidden = shares.length > 0 ? medianOf(shares) : 0;
  const content = [
    clusterText(works, { costs, hidden }),
    ...Object.entries(results.notes).map(([name, note]) =>
      `Measured ${results.dates[name]}, ${name}: ${note}.`
    ),
  ].join("\n\n");
  console.log(content);
  const before = new TextDecoder().decode(await readFile(page, "page"));
  const after = replaceSection(before, {
    ...{ name: "scaling", content, file: page },
  });
  await writeFile(page, new TextEncoder().encode(after), "page");
  await formatFile(page);
  const drawn = new TextEncoder().encode(scalingChart(costs));
  await writeFile(chart, drawn, "chart");
  await formatFile(chart);
}

function text<const Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [name in Name]?: string } {
  return value === undefined ? {} : { [name]: value } as Record<Name, string>;
}

function unknownPart(name: string): UsageError {
  return new UsageError(
    cannot("use", "flag", "--measure", {
      found: `"${name}"`,
      expected: Object.keys(parts).join(", "),
    }),
  );
}

async function readResults(path: string): Promise<ClusterResults> {
  if (await pathInfo(path, "read", "file") === null) {
    return { machine: thisMachine(), dates: {}, notes: {}, works: {} };
  }
  const json = new TextDecoder().decode(await readFile(path, "results"));
  const results = parseJson(json) as ClusterResults;
  const works = Object.entries(results.works).map(([name, rows]) =>
    [
      name,
      rows.map((row) => ({
        ...row,
        bitsPerSecond: row.bitsPerSecond ?? Infinity,
      })),
    ] as const
  );
  return { ...results, works: Object.fromEntries(works) };
}

async function writeJson(path: string, results: ClusterResults): Promise<void> {
  const json = JSON.stringify(results, null, 2);
  await writeFile(path, new TextEncoder().encode(`${json}\n`), "results");
  await formatFile(path);
}
