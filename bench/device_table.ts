import type { DeviceResult } from "./device_results.ts";
import type { KernelShare } from "./measurement.ts";

/** Lays out rows in columns, the first flush left and the others right. */
export function layOut(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => row[column]!.length))
  );
  return rows.map((row) =>
    row.map((cell, column) =>
      column === 0
        ? cell.padEnd(widths[column]!)
        : cell.padStart(widths[column]!)
    ).join("  ").trimEnd()
  );
}

/** The results of one shape and mode, as lines for people. */
export function tableOf(results: readonly DeviceResult[]): string[] {
  const isInference = results[0]?.mode === "infer";
  const header = [
    ...["", "precision", "s/image", "median", "PyTorch f32", "bf16"],
    ...(isInference ? ["OpenVINO"] : []),
    ...["peak MiB", "steps"],
  ];
  const times = (ratio: number | null): string =>
    ratio === null ? "–" : `${ratio.toFixed(2)} ×`;
  const seconds = (value: number | null): string =>
    value === null ? "failed" : value.toPrecision(3);
  const rows = results.map((each) => [
    titleOf(each),
    each.precision,
    seconds(each.secondsPerImage),
    seconds(each.medianSecondsPerImage),
    times(each.ratio),
    times(each.ratioToBf16),
    ...(isInference ? [times(each.ratioToOpenvino)] : []),
    each.peakMemoryBytes === null
      ? "–"
      : (each.peakMemoryBytes / 2 ** 20).toFixed(0),
    String(each.steps),
  ]);
  const notes = results.flatMap((each) => {
    const note = noteOf(each);
    return note === null ? [] : [`${titleOf(each)} ${each.precision}: ${note}`];
  });
  return [...layOut([header, ...rows]), ...notes];
}

/** A row's first words, as in "onednn, standard recipe, live loader". */
function titleOf({ device, peer, recipe, loader }: DeviceResult): string {
  return (device ?? peer!) +
    (recipe === "standard" ? ", standard recipe" : "") +
    (loader === "live" ? ", live loader" : "");
}

/** What a row has no column for, if anything. */
function noteOf({ error, way, ratioToPlainStep }: DeviceResult): string | null {
  const ratio = ratioToPlainStep ?? null;
  const ofPlain = ratio === null
    ? null
    : `${ratio.toFixed(2)} × the plain step's seconds per image`;
  return error ?? way ?? ofPlain;
}

/** What each kernel took, as lines for people. */
export function profileTable(kernels: readonly KernelShare[]): string[] {
  const header = [
    ...["kernel", "implementation", "calls", "ms", "GFLOPS", "MB", "share"],
  ];
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  const rows = kernels.map((each) => [
    each.kernel,
    each.implementation ?? "–",
    String(each.calls),
    (each.seconds * 1000).toFixed(1),
    each.gflops?.toFixed(0) ?? "–",
    (each.bytes / 1e6).toFixed(1),
    percent(each.share),
  ]);
  const within = kernels.reduce((sum, { share }) => sum + share, 0);
  const rest = ["between kernels", "", "", "", "", "", percent(1 - within)];
  return layOut([header, ...rows, rest]);
}
