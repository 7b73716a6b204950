import { basename } from "@std/path";
import { cannot, count, type Reason, UnetError } from "@unet/errors";
import type { Case } from "./case.ts";
import { isChannelName, stemOf } from "./case_names.ts";
import type { DatasetFile } from "./dataset_file.ts";
import type { Fault, FaultKind } from "./fault.ts";
import { type ObjectClasses, unclearImagesOf } from "./object_classes.ts";
import type { ReadingNote } from "../images/image_choice.ts";
import type { MaskClass } from "../masks/mask_options.ts";
import type { MaskFinding } from "../masks/mask_finding.ts";
import type { ImageSize } from "../types.ts";

/** What is wrong with which files a case has. */
export function faultsOfFiles(each: Case): Fault[] {
  const { images, masks, layout, others = [] } = each;
  const faults: Fault[] = [];
  if (images.length === 0) {
    faults.push(faultOf(each, "missing-image", "error", {
      found: `${namesOf(masks)} without an image`,
      expected: "an image of that name",
    }));
  }
  if (images.length > 1) {
    const areChannels = images.every((image) => isChannelName(stemOf(image)));
    const what = areChannels ? "channel file" : "image";
    faults.push(faultOf(each, "duplicate-id", "error", {
      found: `${count(images.length, what)}, ${namesOf(images)}`,
      expected: areChannels
        ? "one, since channels in separate files are not combined"
        : "one",
      ...(areChannels && {
        remedy: "keep the file of the channel that shows the objects, or " +
          "join them in one TIFF and choose a channel of it",
      }),
    }));
  }
  if (masks.length === 0) {
    faults.push(faultOf(each, "missing-mask", "error", {
      found: "an image without a mask",
      expected: layout === "pairs"
        ? `a mask of that name in masks/ or labels/, or ${
          basename(each.id)
        }_mask beside the image`
        : "a mask for each nucleus, or an all-black one, in masks/",
    }));
  }
  if (others.length > 0) {
    faults.push({
      ...{ kind: "other-files", severity: "warning", case: each.id },
      message: `${images[0]!.name}: an image in ${
        count(others.length + 1, "file")
      }; ${namesOf(others)}, without a mask, counts as part of it`,
    });
  }
  if (layout === "pairs" && masks.length > 1) {
    faults.push(faultOf(each, "duplicate-id", "error", {
      found: `${count(masks.length, "mask")}, ${namesOf(masks)}`,
      expected: "one",
      remedy: "keep the correct one",
    }));
  }
  return faults;
}

/** What a file of a case leaves open, and how it was read. */
export function noteFault(
  each: Case,
  file: DatasetFile,
  { kind, text }: ReadingNote,
): Fault {
  const message = `${file.name}: ${text}`;
  return { kind, severity: "warning", case: each.id, message };
}

/** A mask of another size than its image. */
export function sizeFault(
  each: Case,
  file: DatasetFile,
  sizes: { readonly mask: ImageSize; readonly image: ImageSize },
): Fault {
  const { mask, image } = sizes;
  return faultOf(each, "size-mismatch", "error", {
    found: `mask ${file.name} of ${mask.width}×${mask.height} pixels`,
    expected: `${image.width}×${image.height} as the image has`,
  });
}

/**
 * A mask without an object.
 *
 * @param brightest The number farthest from background; 0 where all are 0.
 */
export function emptyFault(
  each: Case,
  file: DatasetFile,
  brightest: number,
): Fault {
  return faultOf(each, "empty-mask", "warning", {
    verb: "use all masks of",
    found: `mask ${file.name} ` +
      (brightest > 0
        ? `nearly black, with numbers up to ${Number(brightest.toPrecision(3))}`
        : "all black"),
    expected: "a nucleus",
    remedy: "it is skipped",
  });
}

/** A mask in which nothing is labeled. */
export function unlabeledFault(each: Case, file: DatasetFile): Fault {
  return faultOf(each, "nothing-labeled", "warning", {
    found: `mask ${file.name} without a label`,
    expected: "some pixels labeled",
    remedy: "nothing can be learned from the image",
  });
}

/** Masks that claim the same pixels. */
export function overlapFault(
  each: Case,
  { pixels, masks, hidden }: {
    readonly pixels: number;
    readonly masks: number;
    readonly hidden: number;
  },
): Fault {
  return faultOf(each, "overlap", "warning", {
    verb: "separate all masks of",
    found:
      `${count(pixels, "pixel")} of ${count(masks, "mask")} that earlier ` +
      "masks also have" +
      (hidden > 0 ? `, ${hidden} of them hidden altogether` : ""),
    expected: "one mask per pixel",
    remedy: "the first mask by name keeps them",
  });
}

/** A mask that cannot be read as a map of classes. */
export function classFault(
  each: Case,
  file: DatasetFile,
  { kind = "unknown-class", ...reason }: Reason & { readonly kind?: FaultKind },
): Fault {
  const message = cannot("read classes of", "mask", file.name, reason);
  return { kind, severity: "error", case: each.id, message };
}

/** Classes that no mask has. */
export function missingClassFaults(
  classes: readonly MaskClass[] | undefined,
  reports: readonly { readonly classPixels?: readonly number[] }[],
): Fault[] {
  if (reports.length === 0) return [];
  return (classes ?? []).flatMap(({ name, value }, at): Fault[] => {
    if (reports.some(({ classPixels }) => (classPixels?.[at] ?? 0) > 0)) {
      return [];
    }
    return [{
      ...{ kind: "missing-class", severity: "warning" },
      message: cannot("train on", "class", name, {
        found: `no pixel of ${value} in any mask`,
        expected: "some in training and in validation",
        remedy: "leave the class out, or add images that have it",
      }),
    }];
  });
}

/** Images of a table of objects of which the dataset has none, or several. */
export function strangerFaults(
  classes: ObjectClasses | undefined,
  cases: readonly Case[],
): Fault[] {
  const unclear = classes
    ? unclearImagesOf(classes, cases.map(({ id }) => id))
    : [];
  const strangers = unclear.filter(({ ids }) => ids.length === 0);
  const ambiguous = unclear.filter(({ ids }) => ids.length > 1);
  const faultOfTable = (reason: Reason): Fault => ({
    ...{ kind: "unknown-class", severity: "error" },
    message: cannot("use", "table", "classes.csv", reason),
  });
  const listOf = (list: readonly string[]) =>
    list.slice(0, 4).join(", ") +
    (list.length > 4 ? ` and ${list.length - 4} more` : "");
  return [
    ...strangers.length > 0
      ? [faultOfTable({
        found: `objects of ${listOf(strangers.map(({ image }) => image))}`,
        expected: `images of the data, as ${cases[0]?.id ?? "its images"}`,
      })]
      : [],
    ...ambiguous.slice(0, 4).map(({ image, ids }) =>
      faultOfTable({
        found: `objects of ${image}, which could be ${listOf(ids)}`,
        expected: "names with folders if images share a name",
      })
    ),
  ];
}

/** Objects and their classes that do not go together. */
export function objectClassFault(each: Case, reason: Reason): Fault {
  return faultOf(each, "unknown-class", "error", {
    ...reason,
    verb: "use classes of",
  });
}

/** A doubt about a mask, and about how many others of the case. */
export function findingFault(
  each: Case,
  file: DatasetFile,
  { finding, others }: {
    readonly finding: MaskFinding;
    readonly others: number;
  },
): Fault {
  const { kind, found, expected, remedy, suggestion } = finding;
  const more = others > 0
    ? ` (so in ${count(others, "other mask")} of the case)`
    : "";
  return {
    kind,
    severity: "warning",
    case: each.id,
    message: cannot("trust", "mask", file.name, {
      found: found + more,
      expected,
      remedy,
    }),
    ...(suggestion && { suggestion }),
  };
}

/** The fault of a file that cannot be read. */
export function fileFault(each: Case, kind: FaultKind, cause: unknown): Fault {
  if (!(cause instanceof UnetError)) throw cause;
  return { kind, severity: "error", case: each.id, message: cause.message };
}

function faultOf(
  each: Case,
  kind: FaultKind,
  severity: Fault["severity"],
  { verb = "use", ...reason }: Reason & { verb?: string },
): Fault {
  const message = cannot(verb, "case", each.id, reason);
  return { kind, severity, case: each.id, message };
}

function namesOf(files: readonly DatasetFile[]): string {
  const shown = files.slice(0, 2).map((file) => file.name).join(", ");
  return files.length > 2 ? `${shown} and ${files.length - 2} more` : shown;
}
