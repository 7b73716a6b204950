import type { DeviceReport } from "@unet/device";
import { formatTable } from "./table.ts";
import { wrap } from "./wrap.ts";
import { wordSettings } from "./word_settings.ts";

/** How wide the list's lines may be. */
const lineWidth = 100;

/**
 * Lists devices for people: those that work with what they compute on, the
 * others with what keeps them from it.
 *
 * @param reports The devices.
 * @returns Lines of at most 100 characters.
 */
export function describeDevices(reports: readonly DeviceReport[]): string[] {
  const available = reports.filter((report) => report.available)
    .toSorted((a, b) => b.gflops - a.gflops);
  const others = reports.filter((report) => !report.available);
  return [
    "Available compute backends, the fastest first:",
    "",
    ...describeAvailable(available),
    ...available.flatMap(({ name, missingKernels }) =>
      missingKernels.length === 0
        ? []
        : note(name, `lacks kernels: ${missingKernels.join(", ")}`)
    ),
    ...(others.length === 0 ? [] : ["", "Not available:", ""]),
    ...others.flatMap(({ name, reason }) =>
      note(
        name,
        wordSettings(reason).replace(/^Cannot open device "[^"]*": /, ""),
      )
    ),
    "",
    "--device auto, the default, uses the fastest. It remembers what was " +
    "measured here for",
    "a week, or until a library changes.",
  ];
}

function describeAvailable(reports: readonly DeviceReport[]): string[] {
  const header = ["Device", "Precision", "GFLOPS", "Library", "Hardware"];
  const rows = reports.map((
    { name, precisions, gflops, version, hardware },
  ) => [
    name,
    precisions.join(", "),
    gflops.toFixed(0),
    version,
    hardware,
  ]);
  const table = formatTable([header, ...rows]);
  // The last column is the longest, and the one that may be broken.
  const start = table[0]!.indexOf("Hardware");
  const room = Math.max(20, lineWidth - start);
  return table.flatMap((line) => {
    const [first = "", ...rest] = wrap(line.slice(start), room);
    return [
      (line.slice(0, start) + first).trimEnd(),
      ...rest.map((part) => " ".repeat(start) + part),
    ];
  });
}

/** A device's name, and a text beside it. */
function note(name: string, text: string): string[] {
  const indent = 12;
  return wrap(text, lineWidth - indent).map((line, at) =>
    (at === 0 ? name : "").padEnd(indent) + line
  );
}
