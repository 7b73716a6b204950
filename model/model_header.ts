import { parseJson } from "@unet/files/parse-json";
import { brief, briefText, cannot, ModelError } from "@unet/errors";
import { objectTask, type Task, unknownLoss } from "@unet/task";
import type { FileLabel } from "./files/check_values.ts";
import type { SafetensorsFile } from "./files/safetensors.ts";
import type { CustomNetwork } from "./networks/custom_network.ts";
import { networkNames } from "./networks/networks.ts";
import { completePlan, type ModelPlan, planNames, textOfPlan } from "./plan.ts";

/**
 * The versions of the file's layout; a reader refuses what it does not know.
 * Kernels of 8 bits came with version 5. A file without them is version 4, so
 * that earlier readers take it.
 */
const floatVersion = "4", eightBitVersion = "5";

/**
 * The versions that are read, with the settings that came after them: what a
 * file of that version means by their absence. Before version 4, `network` was
 * called `encoder`, and `outputs`, from version 3 on, stood for a task.
 */
const laterSettings = {
  "1": { padding: "same", freezeBatchNorm: false },
  "2": {},
  "3": {},
  [floatVersion]: {},
  [eightBitVersion]: {},
} as const satisfies Readonly<Record<string, Partial<ModelPlan>>>;

/** A version that is read. */
export type FormatVersion = keyof typeof laterSettings;

/** Whether a file of that version is read. */
export function isKnownVersion(
  version: string | undefined,
): version is FormatVersion {
  return version !== undefined && Object.hasOwn(laterSettings, version);
}

/** The versions that are read. */
export const knownVersions: readonly string[] = Object.keys(laterSettings);

/**
 * Refuses tensors of 8 bits in a model file of a version that has none.
 *
 * @param file The file, before it is widened.
 * @param label What to call it in a message.
 * @throws {ModelError} If there is one.
 */
export function checkEightBits(
  { tensors, metadata: { formatVersion: version } }: SafetensorsFile,
  { thing, name }: FileLabel,
): void {
  if (!isKnownVersion(version)) return;
  if (Number(version) >= Number(eightBitVersion)) return;
  for (const [tensor, { dtype }] of tensors) {
    if (dtype !== "I8") continue;
    throw new ModelError(
      cannot("load", thing, name, {
        found: `8-bit ${briefText(tensor)} in format version ${version}`,
        expected: `format version ${eightBitVersion}`,
      }),
    );
  }
}

/** How a model file stores weights. */
export interface HeaderOptions {
  /** Whether kernels are stored in 8 bits; not by default. */
  readonly hasEightBits?: boolean;
}

/** The header of a model file. */
export function modelMetadata(
  plan: ModelPlan,
  card: Readonly<Record<string, unknown>>,
  { hasEightBits = false }: HeaderOptions = {},
): Record<string, string> {
  return {
    format: "unet",
    formatVersion: hasEightBits ? eightBitVersion : floatVersion,
    plan: textOfPlan(plan),
    card: JSON.stringify(card),
  };
}

/** A file names a network that is neither the program's nor was given. */
export class UnknownNetworkError extends RangeError {
  /** @param network Its name. */
  constructor(readonly network: string) {
    super(`network "${briefText(network)}"`);
  }
}

/**
 * A file holds its plan whole, so that new defaults do not change it.
 *
 * @param text The plan's JSON.
 * @param version The file's.
 * @param networks Networks of the reader's own that it may name.
 * @throws {UnknownNetworkError} If it names another network.
 */
export function parsePlan(
  text: string,
  version: FormatVersion,
  networks: readonly CustomNetwork[] = [],
): ModelPlan {
  const stored = parseRecord(text);
  const isOfOutputs = Number(version) < Number(floatVersion);
  if (isOfOutputs && Object.hasOwn(stored, "encoder")) {
    stored.network = stored.encoder;
    delete stored.encoder;
  }
  if (isOfOutputs) {
    stored.task = taskOfOutputs(stored.outputs);
    delete stored.outputs;
  }
  const plan = { ...laterSettings[version], ...stored };
  for (const name of planNames) {
    if (!Object.hasOwn(plan, name)) throw new RangeError(`no ${name}`);
  }
  const { network } = plan as { readonly network: unknown };
  const own = networks.find(({ name }) => name === network);
  const isKnown = (networkNames as readonly unknown[]).includes(network);
  if (typeof network === "string" && !own && !isKnown) {
    throw new UnknownNetworkError(network);
  }
  return completePlan(own ? { ...plan, network: own } : plan);
}

/**
 * The task of a file that says how many logits there are per pixel, and neither
 * by which losses they were trained nor how much each counted.
 */
function taskOfOutputs(outputs: unknown): Task {
  if (![undefined, 1, 2].includes(outputs as undefined)) {
    throw new RangeError(`${brief(outputs)} outputs`);
  }
  const task = objectTask(outputs === 2 ? { borderWeight: 1 } : {});
  const heads = task.heads.map((head) => ({ ...head, loss: unknownLoss }));
  return { ...task, heads };
}

/** Reads an object of JSON. */
export function parseRecord(text: string): Record<string, unknown> {
  const value = parseJson(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new TypeError("values without names");
}
