import {
  type Image,
  type OpenedImage,
  type OpenedStack,
  openImage,
  openStack,
} from "@unet/data";
import { cannot, count, FileError } from "@unet/errors";
import type { OutputStyle, Part } from "../formats/format.ts";
import { type OutputPaths, PartWriters } from "../formats/part_writers.ts";
import { DrawnRows } from "./drawn_rows.ts";
import type { Job } from "./plan_outputs.ts";
import type { DoneEvent } from "../batch/manifest_event.ts";
import { classNumbersOf } from "../outputs/class_numbers.ts";
import type { OverlayStyle } from "../outputs/overlay_rows.ts";
import { type StackShape, wordStack } from "../outputs/stack_shape.ts";
import type { Source } from "./open_source.ts";
import { outputImageOf } from "./output_image.ts";
import type { SegmentOptions } from "./segment_options.ts";
import type { NetworkOutputs } from "./network_outputs.ts";

/** A part that a stored output may hold, from which others are drawn. */
type Drawable = Extract<Part, "drawing" | "mask" | "labels" | "classMap">;

/** An output that others are drawn from, so that no network is needed. */
export interface Drawing {
  /** The part that it holds. */
  readonly holds: Drawable;
  /** What it is to a person. */
  readonly kind: "mask" | "labels" | "picture" | "class map";
  /** Its path. */
  readonly path: string;
}

/** What is drawn of an image, and where. */
export interface DrawingPlan
  extends
    OutputStyle,
    Pick<NetworkOutputs, "table" | "classHead">,
    Pick<SegmentOptions, "settings"> {
  /** The files to write, by what they are. */
  readonly paths: OutputPaths;
}

/** Parts that others are drawn from, the one that needs the least work first. */
const drawables: readonly Drawable[] = [
  ...["drawing", "mask", "labels", "classMap"] as const,
];

/** What an output is to a person, by the part that it holds. */
const kindOf = {
  ...{ drawing: "picture", mask: "mask", labels: "labels" } as const,
  classMap: "class map",
} as const satisfies Record<Drawable, string>;

/** Pixels of a PNG, which is read as a whole, that others are drawn from. */
const mostPixelsWhole = 2 ** 26;

/** Pixels that are read at once. */
const pixelsAtOnce = 2 ** 22;

/**
 * Chooses the output of an earlier run that the missing ones can be drawn from
 * exactly.
 *
 * @param job The image.
 * @param missing The outputs that are missing.
 * @param options What becomes of the network's predictions, and how the image
 * was finished.
 * @returns The output; undefined where the network has to see the image again.
 */
export function drawingFor(
  job: Job,
  missing: readonly string[],
  { style, table, classHead, record }: Omit<NetworkOutputs, "finding"> & {
    readonly record: DoneEvent;
  },
): Drawing | undefined {
  const { counts: { width = NaN, height = NaN, objects }, classes } = record;
  const isCounted = style === "classes" ? classes : objects !== undefined;
  if (!(width * height > 0) || !isCounted) return undefined;
  const known = new Map(record.outputs.map((each) => [each.path, each]));
  const outputs = outputsOf(job, table);
  const wanted = outputs.filter(({ name }) => missing.includes(name));
  const canBeRead = (name: string): boolean =>
    known.has(name) && !missing.includes(name) &&
    !(name.endsWith(".png") && width * height > mostPixelsWhole);
  // Labels and their pictures do not say which class an instance has.
  const isOfClasses = style === "instances" && classHead !== undefined;
  for (const holds of drawables) {
    const isFlat = holds === "drawing" || holds === "labels";
    if (isOfClasses && isFlat) continue;
    const stored = outputs.find(({ name, kind, format }) =>
      format.takes === holds && format.isReadable && canBeRead(name) &&
      // Another style's drawing, or that of another run, is another picture.
      (holds !== "drawing" || kind === style && known.get(name)?.kind === style)
    );
    if (!stored) continue;
    const drawn = partsDrawnFrom(holds, style);
    if (wanted.every(({ format }) => drawn.includes(format.takes))) {
      return { holds, kind: kindOf[holds], path: stored.path };
    }
  }
  return undefined;
}

/** The outputs of an image that it asks for, in the order of the formats. */
function outputsOf(
  { names, paths, kinds = {} }: Job,
  table: NetworkOutputs["table"],
) {
  return Object.keys(table).flatMap((key) => {
    const name = names[key], path = paths[key], format = table[key];
    return name === undefined || path === undefined || format === undefined
      ? []
      : [{ name, path, format, kind: kinds[name] }];
  });
}

/** The part that is drawn onto the image. */
const drawnParts = {
  mask: "mask",
  instances: "labels",
  classes: "classMap",
} as const satisfies Record<OverlayStyle, Drawable>;

/** The parts that one part is enough for. */
function partsDrawnFrom(part: Drawable, style: OverlayStyle): readonly Part[] {
  return part === drawnParts[style] ? [part, "drawing"] : [part];
}

/**
 * Writes outputs of an image from another of its outputs.
 *
 * @param source The image.
 * @param drawing The output that they are drawn from.
 * @param plan What is written, and where.
 * @throws {FileError} If the output cannot be read or is not the image's, or a
 * file cannot be written.
 */
export async function redraw(
  source: Source,
  drawing: Drawing,
  { paths, style, pyramid, table, classHead, settings }: DrawingPlan,
): Promise<void> {
  const { stack } = source;
  await using opened = new AsyncDisposableStack();
  const planes = stack && opened.use(await openStack(drawing.path));
  requireAsMany(drawing, planes, stack);
  const writers = opened.use(
    await PartWriters.open(
      paths,
      outputImageOf(source, {
        ...{ style, pyramid, channels: [] },
        ...(settings && { settings }),
        ...(classHead && { classHead }),
      }),
      table,
    ),
  );
  for (let index = 0; index < (stack?.count ?? 1); index++) {
    await using closed = new AsyncDisposableStack();
    const plane = index === 0 ? source : closed.use(await stack!.open(index));
    const stored = closed.use(
      planes
        ? await planes.open({ [stack!.axis]: index })
        : await openImage(drawing.path),
    );
    await redrawPlane(plane, { ...drawing, stored }, {
      ...{ writers, style, classes: classHead?.classes.length ?? 0 },
    });
  }
  await writers.finish();
}

/** Refuses a stored stack of another number of planes. */
function requireAsMany(
  { kind, path }: Drawing,
  stored: OpenedStack | undefined,
  stack: StackShape | undefined,
): void {
  if (!stored || !stack) return;
  const { axis, count } = stack;
  const found = axis === "plane" ? stored.planes : stored.times;
  if (found === count) return;
  throw new FileError(
    cannot("draw from", "output", path, {
      found: wordStack({ axis, count: found }),
      expected: `the ${kind} of ${wordStack(stack)}`,
      remedy: "use `force` to segment the image again",
    }),
  );
}

/** Writes outputs of an image, or of a plane of a stack, from a stored one. */
async function redrawPlane(
  source: Source,
  { holds, kind, path, stored }: Drawing & { readonly stored: OpenedImage },
  { writers, style, classes }: {
    readonly writers: PartWriters;
    readonly style: OverlayStyle;
    /** How many classes there are. */
    readonly classes: number;
  },
): Promise<void> {
  const { width, height } = source.image;
  const refuse = (found: string): never => {
    throw new FileError(
      cannot("draw from", "output", path, {
        found,
        expected: `the ${kind} of an image of ${width}×${height}`,
        remedy: "use `force` to segment the image again",
      }),
    );
  };
  // A palette comes as its colors.
  const isColored = holds === "drawing" ||
    holds === "classMap" && path.endsWith(".png");
  if (
    stored.width !== width || stored.height !== height ||
    stored.channels !== (isColored ? 3 : 1)
  ) {
    refuse(
      `${stored.width}×${stored.height} pixels of ` +
        count(stored.channels, "channel"),
    );
  }
  const drawn = holds !== "drawing" && writers.takes("drawing")
    ? new DrawnRows(source, style)
    : undefined;
  const atOnce = Math.max(1, Math.floor(pixelsAtOnce / width));
  for (let y = 0; y < height; y += atOnce) {
    const rows = Math.min(atOnce, height - y);
    const { data } = await stored.read(0, y, width, rows);
    if (holds === "drawing") {
      await writers.write("drawing", data as Uint8Array);
      continue;
    }
    const objects = holds === "labels"
      ? Uint32Array.from(data)
      : holds === "classMap"
      ? classMapOf(data, { isColored, classes }) ??
        refuse("values that no class has")
      : maskOf(data);
    await writers.write(holds, objects as Uint8Array & Uint32Array);
    await drawn?.addTo(writers, objects);
  }
}

/** Class numbers; undefined where a value or a color is not that of a class. */
function classMapOf(
  values: Image["data"],
  { isColored, classes }: {
    readonly isColored: boolean;
    readonly classes: number;
  },
): Uint8Array | undefined {
  if (isColored) return classNumbersOf(values, classes);
  const isFit = values instanceof Uint8Array &&
    values.every((number) => number < classes);
  return isFit ? values : undefined;
}

function maskOf(values: Image["data"]): Uint8Array {
  return values instanceof Uint8Array
    ? values
    : Uint8Array.from(values, (value) => value > 0 ? 255 : 0);
}
