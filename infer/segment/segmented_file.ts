import type { ImageScale } from "../diameter/diameter_settings.ts";
import type { Verdict } from "../batch/batch_file.ts";
import type { DoneEvent } from "../batch/manifest_event.ts";
import type { OutputPaths } from "../formats/part_writers.ts";
import { pixelsOf, type Source } from "./open_source.ts";
import type { Job } from "./plan_outputs.ts";
import type { Drawing } from "./redraw.ts";
import type { ResultSettings } from "./segment_options.ts";
import type { SegmentedFile } from "./segment_report.ts";

/** What became of a file, as far as its report needs it. */
export interface Finished
  extends Pick<DoneEvent, "counts" | "classes" | "objectClasses" | "seconds"> {
  /** The file. */
  readonly source: Source;
  /** The outputs that were written, by what they are. */
  readonly paths: OutputPaths;
  /** Which outputs were missing, and which stay. */
  readonly verdict: Extract<Verdict, { done: false }>;
  /** What they were drawn from, where the network did not see the image. */
  readonly drawing: Drawing | undefined;
  /** At which size the network saw it, where it was brought to one. */
  readonly imageScale?: ImageScale;
  /** How it was segmented. */
  readonly settings: ResultSettings;
}

/** What is reported of a file that was segmented. */
export function segmentedFile(
  job: Job,
  { source, counts, classes, paths, verdict, drawing, ...rest }: Finished,
): SegmentedFile {
  const { sections = 0 } = counts;
  const { preview: _, ...outputs } = job.paths;
  const { image: { width, height, notes }, stack } = source;
  return {
    ...{ input: job.input, outputs, width, height },
    ...(stack && {
      stack: {
        ...{ axis: stack.axis, count: stack.count, sections },
        isLinked: rest.settings.link !== undefined,
      },
    }),
    ...foundOf({ counts, ...(classes && { classes }) }, pixelsOf(source)),
    ...(rest.imageScale && { imageScale: rest.imageScale }),
    ...(rest.objectClasses && { objectClasses: rest.objectClasses }),
    notes,
    // Those of a stack differ from plane to plane.
    ...(rest.settings.cropBorders && !stack && { margins: marginsOf(source) }),
    written: Object.values(paths),
    kept: job.outputs.filter((name) => !verdict.missing.includes(name)),
    ...(drawing && { drawnFrom: drawing.kind }),
    ...{ otherKind: verdict.otherKind, stale: verdict.stale },
    seconds: rest.seconds,
  };
}

/** What a report says of what was found, of what a manifest notes. */
function foundOf(
  { counts, classes }: Pick<DoneEvent, "counts" | "classes">,
  all: number,
): Pick<SegmentedFile, "foreground" | "objects" | "area" | "classes"> {
  if (classes) {
    return {
      classes: classes.map(({ name, pixels }) => ({
        ...{ name, pixels, share: pixels / all },
      })),
    };
  }
  const { foreground = 0, objects = 0, area = 0 } = counts;
  return { foreground: foreground / all, objects, area };
}

function marginsOf(
  { image, part }: Source,
): NonNullable<SegmentedFile["margins"]> {
  return {
    left: part.x,
    top: part.y,
    right: image.width - part.x - part.width,
    bottom: image.height - part.y - part.height,
  };
}
