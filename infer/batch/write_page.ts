import { join } from "@std/path";
import { count } from "@unet/errors";
import type { StackShape } from "../outputs/stack_shape.ts";
import type { SummaryRow } from "../outputs/summary_row.ts";
import { writeSummary } from "../outputs/write_summary.ts";
import type { FileState } from "./file_state.ts";
import type { DoneEvent } from "./manifest_event.ts";
import { presentOutputs } from "./present_outputs.ts";
import type { Setup } from "./setup.ts";

/** Options of the summary page. */
export interface PageOptions {
  /** What manifests know of each file, in the order of the rows. */
  readonly records: readonly FileState[];
  /** The folder that outputs' paths start at. */
  readonly folder: string;
  /** Gives a setup by its id, where it is known. */
  readonly setupOf: (id: string) => Setup | undefined;
  /** What a person calls a model, by its hash; none by default. */
  readonly modelNames?: Readonly<Record<string, string>>;
  /** The command line that the page lists; none by default. */
  readonly command?: string;
}

/**
 * Writes the page that sums up a batch. A file that failed now and was
 * segmented before is in both tables: its outputs are there.
 *
 * @param path The page, replaced if it is there; its folder is `folder`.
 * @param options What it is about.
 * @throws {FileError} If it cannot be written.
 *
 * @example
 * ```ts
 * import { writePage } from "@unet/infer/batch";
 * import { assert } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/summary.html`;
 * await writePage(path, { records: [], folder, setupOf: () => undefined });
 * assert((await Deno.readTextFile(path)).includes("Images"));
 * ```
 */
export async function writePage(
  path: string,
  options: PageOptions,
): Promise<void> {
  const { records, folder, command } = options;
  const rows: SummaryRow[] = [], shown: DoneEvent[] = [];
  for (const { name, done, failed } of records) {
    if (failed) {
      rows.push({ name, error: withoutFolders(failed.error, failed, folder) });
    }
    const row = done && await rowOf(done, folder);
    if (!row) continue;
    const { link } = options.setupOf(done.setup)?.settings ?? {};
    rows.push({ ...row, ...link !== undefined && { isLinked: true } });
    shown.push(done);
  }
  const pixelArea = commonArea(shown);
  await writeSummary(path, rows, {
    facts: {
      Date: dateOf(new Date()),
      ...setupFacts(shown, options),
      "Pixel size": pixelSizesOf(shown),
    },
    ...command === undefined ? {} : { command },
    ...pixelArea === undefined ? {} : { pixelArea },
  });
}

/** Models and thresholds that the shown images were segmented with. */
function setupFacts(
  shown: readonly DoneEvent[],
  { setupOf, modelNames = {} }: PageOptions,
): Record<string, string> {
  const setups = [...new Set(shown.map(({ setup }) => setup))].map(setupOf);
  const distinct = (values: readonly string[]): string =>
    [...new Set(values)].join(", ");
  const wordModel = (hash: string): string => {
    const short = hash.replace(/^([0-9a-f]{12})[0-9a-f]+/, "$1");
    return Object.hasOwn(modelNames, hash)
      ? `${modelNames[hash]} (${short})`
      : short;
  };
  const known = setups.flatMap((setup) => setup ?? []);
  if (known.length === 0) return {};
  // Networks of classes have none.
  const thresholds = known.flatMap(({ settings: { threshold } }) =>
    threshold === undefined ? [] : String(threshold)
  );
  return {
    Model: distinct(known.map(({ model }) => wordModel(model))),
    ...thresholds.length > 0 ? { Threshold: distinct(thresholds) } : {},
    ...setups.length > 1
      ? { Note: `${setups.length} different settings or models` }
      : {},
  };
}

/** An image's row; none where all its outputs were removed. */
async function rowOf(
  { name, counts, outputs, sizes, pixelSize, ...others }: DoneEvent,
  folder: string,
): Promise<SummaryRow | undefined> {
  const present = await presentOutputs(folder, outputs.map(({ path }) => path));
  const isPicture = ({ path }: { path: string }): boolean =>
    path.endsWith(".jpg");
  const picture = present.find(isPicture);
  const link = present.find((each) => !isPicture(each));
  if (!picture && !link) return undefined;
  const { classes, objectClasses } = others;
  const { width, height, objects, sections, foreground, area } = counts;
  const stack = stackOf(counts), areas = sections ?? objects;
  const meanArea = area !== undefined && areas ? area / areas : undefined;
  return {
    name,
    ...picture && { picture: picture.path },
    ...link && { link: link.path },
    ...width !== undefined && { width },
    ...height !== undefined && { height },
    ...objects !== undefined && { objects },
    ...stack && { stack },
    ...sections !== undefined && { sections },
    ...foreground !== undefined && width && height &&
      { share: foreground / (width * height * (stack?.count ?? 1)) },
    ...meanArea !== undefined && { meanArea },
    ...meanArea !== undefined && pixelSize &&
      { meanMicrometers: meanArea * pixelSize.x * pixelSize.y },
    ...sizes && { sizes },
    ...classes && { classes },
    ...objectClasses && { objectClasses },
    ...pixelSize && { pixelArea: pixelSize.x * pixelSize.y },
  };
}

/** The planes or time points that were counted, where the file is a stack. */
function stackOf(
  { planes, times }: DoneEvent["counts"],
): StackShape | undefined {
  if (planes !== undefined) return { axis: "plane", count: planes };
  return times === undefined ? undefined : { axis: "time", count: times };
}

/** A message without the machine's folders: the names within them do. */
function withoutFolders(
  message: string,
  { name, input }: { readonly name: string; readonly input: string },
  out: string,
): string {
  return message.replaceAll(input, name).replaceAll(join(out, "/"), "");
}

/** µm² per pixel, where it is the same for all images. */
function commonArea(records: readonly DoneEvent[]): number | undefined {
  const areas = records.map(({ pixelSize }) =>
    pixelSize ? pixelSize.x * pixelSize.y : NaN
  );
  const [first = NaN] = areas;
  return areas.every((area) => Math.abs(area / first - 1) < 1e-3)
    ? first || undefined
    : undefined;
}

/** The images' pixel sizes, in words. */
function pixelSizesOf(records: readonly DoneEvent[]): string {
  const sizes = new Set<string>();
  let unknown = 0;
  for (const { pixelSize } of records) {
    if (!pixelSize) {
      unknown++;
      continue;
    }
    const { x, y } = pixelSize;
    const word = (value: number): string =>
      String(Number(value.toPrecision(4)));
    const isSquare = Math.abs(x / y - 1) < 1e-3;
    sizes.add(isSquare ? `${word(x)} µm` : `${word(x)} × ${word(y)} µm`);
  }
  if (sizes.size === 0) return "not known";
  const listed = [...sizes].slice(0, 5).join(", ") +
    (sizes.size > 5 ? `, and ${sizes.size - 5} more` : "");
  return unknown === 0
    ? listed
    : `${listed}; not known of ${count(unknown, "image")}`;
}

/** As in "2026-01-31 14:05 UTC". */
function dateOf(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
