// deno-lint-ignore-file no-console
import { DeviceError } from "@unet/errors";
import { joinOutcomes, type Outcome } from "./device_results.ts";
import type { Measurement } from "./measurement.ts";
import { runMeasurement } from "./run_process.ts";

/**
 * Measures all in order, then all again, so that a drift of the machine's
 * speed is shared. Reports on standard error what it does.
 *
 * @param measurements What to measure.
 * @param rounds How often.
 * @param python The peers' interpreter.
 * @returns One outcome a measurement.
 */
export async function measureAll(
  measurements: readonly Measurement[],
  rounds: number,
  python: string | null,
): Promise<Outcome[]> {
  let outcomes: Outcome[] = [];
  for (let round = 1; round <= rounds; round++) {
    const next: Outcome[] = [];
    for (const [index, measurement] of measurements.entries()) {
      const before = outcomes[index];
      if (before && !isRepeated(before)) {
        next.push(before);
        continue;
      }
      const place = `${index + 1}/${measurements.length}`;
      const which = rounds > 1 ? ` (round ${round} of ${rounds})` : "";
      console.error(`${place} ${nameOf(measurement)}${which}`);
      const outcome = await outcomeOf(measurement, python);
      next.push(before ? joinOutcomes(before, outcome) : outcome);
    }
    outcomes = next;
  }
  return outcomes;
}

/** What failed would fail again, and a profile is no timing. */
function isRepeated({ measurement, result }: Outcome): boolean {
  return !measurement.profile && !("error" in result);
}

async function outcomeOf(
  measurement: Measurement,
  python: string | null,
): Promise<Outcome> {
  try {
    const result = await runMeasurement(measurement, python);
    return { measurement, result };
  } catch (cause) {
    if (!(cause instanceof DeviceError)) throw cause;
    console.error(cause.message);
    return { measurement, result: { error: cause.message } };
  }
}

/** A measurement in words, as in "wasm float32, width 1, 256×256, train, batch 4". */
export function nameOf(measurement: Measurement): string {
  const { name, precision, recipe, loader, profile } = measurement;
  const standard = recipe === "standard" ? ", standard recipe" : "";
  const live = loader === "live" ? ", live loader" : "";
  return `${name} ${precision}, ${workOf(measurement)}${standard}${live}${
    profile ? ", profile" : ""
  }`;
}

/** What is computed, in words, as in "width 1, 256×256, train, batch 4". */
export function workOf(
  { width, size, mode, batch }: Pick<
    Measurement,
    "width" | "size" | "mode" | "batch"
  >,
): string {
  return `width ${width}, ${size}×${size}, ${mode}, batch ${batch}`;
}
