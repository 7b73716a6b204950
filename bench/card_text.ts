import { brief, cannot, ModelError } from "@unet/errors";
import { parseSafetensors, type SavedModel } from "@unet/model";
import { summarize } from "@unet/model/summary";
import { describeTask } from "@unet/task";

/** A data set that models were trained on, in `models/sources.json`. */
export interface CardSource {
  /** What it shows. */
  readonly shows: string;
  /** Its license. */
  readonly license: string;
  /** Whom to cite. */
  readonly citation: string;
  /**
   * The fingerprint that the card of a model has that was trained on it alone,
   * and does not name it.
   */
  readonly fingerprint?: string;
}

/** The scores of a part of some images, as `evaluate --json` prints them. */
interface Part {
  readonly images: number;
  readonly pixels?: { readonly f1: number };
  readonly perImage: { readonly f1: number };
  readonly instances?:
    | { readonly ap50: number; readonly panopticQuality: number }
    | null;
  readonly classes?: Readonly<
    Record<string, { readonly f1: number; readonly iou: number }>
  >;
  readonly modalities?: Readonly<Record<string, Part>>;
  readonly sources?: Readonly<Record<string, Part>>;
}

/** A file of scores: what `evaluate --json` printed. */
export interface CardScores {
  /** Its name without the ending, as in `validation`. */
  readonly name: string;
  /** Its content. */
  readonly content: Part;
}

/**
 * What a model's file says of it: network, size, input, outputs, training.
 *
 * @param saved The model.
 * @param hasLimits Whether `model.int8.json` is beside it.
 * @returns A table of Markdown.
 */
export function factsOf(saved: SavedModel, hasLimits: boolean): string {
  const { plan, card, bytes, path } = saved;
  const { settings = {}, diameters, data } = card as {
    settings?: Record<string, unknown>;
    diameters?: { low: number; median: number; high: number };
    data?: { images?: number };
  };
  const [input, ...heads] = describeTask(plan.task);
  const { parameters } = summarize(plan);
  const scales = settings.scales as { low: number; high: number } | null;
  const changes = settings.augment as readonly string[] | undefined;
  const rows: [string, string | undefined][] = [
    [
      "Network",
      `${plan.network}, width ${plan.width}, ` +
      `${(parameters / 1e6).toFixed(1)} M parameters`,
    ],
    [
      "File",
      `\`model.safetensors\`, ${(bytes.length / 1e6).toFixed(1)} MB, ` +
      storageOf(bytes, path),
    ],
    ["Input", input!.replace(/^Input: /, "")],
    ["Outputs", heads.map((line) => line.replace(/^Head /, "")).join("; ")],
    [
      "Object diameters",
      diameters &&
      `${diameters.low} to ${diameters.high} pixels (5th to 95th percentile ` +
        `of training tiles), median ${diameters.median}`,
    ],
    [
      "Scales in training",
      scales ? `${scales.low} to ${scales.high}` : undefined,
    ],
    ["Images", data?.images?.toLocaleString("en-US")],
    ["Random changes", changes?.join(", ")],
    [
      "Training",
      `epoch ${brief(card.epoch)}, step ${brief(card.step)}; loss ` +
      `${settings.loss}, ${settings.optimizer} at up to ` +
      `${settings.learningRate}, batches of ${settings.batch}`,
    ],
    ["Starts from", String(card.startsFrom ?? "random weights")],
    ["Threshold", card.threshold === undefined ? "0.5" : `${card.threshold}`],
    ["`--precision int8`", hasLimits ? "yes, `model.int8.json`" : "no limits"],
    ["License", `${card.license}`],
  ];
  const known = rows.filter(([, value]) => value !== undefined);
  return tableOf(["Fact", "Value"], known as [string, string][]);
}

/** How weights are stored, in words. */
function storageOf(bytes: Uint8Array, path: string): string {
  const { tensors } = parseSafetensors(bytes, path);
  const types = new Set([...tensors.values()].map(({ dtype }) => dtype));
  if (types.has("I8")) return "8-bit kernels with a scale per output channel";
  return { F32: "float32", F16: "float16", BF16: "bfloat16" }[
    [...types].join()
  ] ?? [...types].join(", ");
}

/**
 * The data sets that a model was trained on, with licenses and citations.
 *
 * @param saved The model.
 * @param sources What is known of data sets, by name.
 * @returns A table of Markdown.
 * @throws {ModelError} If nothing is known of one of them.
 */
export function sourcesTable(
  { card, path }: SavedModel,
  sources: Readonly<Record<string, CardSource>>,
): string {
  const { sources: counts, fingerprint, images } = card.data as {
    sources?: Record<string, { train: number; validation: number }>;
    fingerprint: string;
    images: number;
  };
  const alone = Object.keys(sources)
    .find((name) => sources[name]!.fingerprint === fingerprint);
  const names = counts ? Object.keys(counts) : alone ? [alone] : [];
  const stranger = names.find((name) => !Object.hasOwn(sources, name));
  if (names.length === 0 || stranger !== undefined) {
    throw new ModelError(
      cannot("write", "card", path, {
        found: stranger === undefined
          ? `data of fingerprint ${brief(fingerprint)}`
          : `data set ${brief(stranger)}`,
        expected: "data sets of sources.json, with license and citation",
      }),
    );
  }
  return tableOf(
    ["Data set", "Shows", "Images", "License", "Cite"],
    names.map((name) => {
      const { shows, license, citation } = sources[name]!;
      const count = counts?.[name];
      const inWords = count
        ? `${count.train} to train, ${count.validation} to validate`
        : `${images}`;
      return [`\`${name}\``, shows, inWords, license, citation];
    }),
  );
}

/**
 * A model's scores, a row per modality, data set or class, each with the file
 * that it comes from.
 *
 * @param files The files of scores.
 * @returns A table of Markdown for objects, or for classes.
 */
export function figuresOf(files: readonly CardScores[]): string {
  const isOfClasses = files.some(({ content }) => content.classes);
  const rows = files.flatMap(({ name, content }) => {
    const { modalities = {}, sources = {} } = content;
    const parts: [string, Part][] = [["all", content]];
    for (const group of [modalities, sources]) {
      const entries = Object.entries(group);
      if (entries.length > 1) parts.push(...entries);
    }
    return parts.flatMap(([part, scores]) =>
      isOfClasses
        ? classRows(scores).map((row) => [part, ...row, linkTo(name)])
        : [[part, ...objectRow(scores), linkTo(name)]]
    );
  });
  return tableOf(
    isOfClasses
      ? ["Part", "Images", "Class", "Dice", "IoU", "Scores"]
      : ["Part", "Images", "F1", "Mean F1", "AP 0.5", "PQ", "Scores"],
    rows,
  );
}

function objectRow(
  { images, pixels, perImage, instances }: Part,
): string[] {
  const rounded = (value: number | undefined): string =>
    value === undefined ? "" : value.toFixed(3);
  return [
    ...[`${images}`, rounded(pixels?.f1), rounded(perImage.f1)],
    ...[rounded(instances?.ap50), rounded(instances?.panopticQuality)],
  ];
}

function classRows({ images, classes = {} }: Part): string[][] {
  return Object.entries(classes).map(([name, { f1, iou }]) => [
    ...[`${images}`, name, f1.toFixed(3), iou.toFixed(3)],
  ]);
}

function linkTo(name: string): string {
  return `[${name}](scores/${name}.json)`;
}

function tableOf(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)]
    .join("\n");
}
