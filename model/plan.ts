import { brief, briefText, cannot } from "@unet/errors";
import {
  hasChosenChannels,
  objectTask,
  parseTask,
  type Task,
} from "@unet/task";
import { fitNormalization } from "./fit_channels.ts";
import {
  type AnyNetwork,
  faultOfNetwork,
  nameOfNetwork,
  networkOf,
} from "./networks/custom_network.ts";
import type { LayerPlan, Network } from "./networks/network.ts";
import {
  networkNames,
  networks,
  standardNetwork,
} from "./networks/networks.ts";

/**
 * The mean and standard deviation by which the input is normalized, one value
 * each per channel.
 */
export interface Normalization {
  /** Subtracted; in units of an input in 0…1. */
  readonly mean: readonly number[];
  /** Divides; in units of an input in 0…1. */
  readonly deviation: readonly number[];
}

/** Everything that decides which network it is; stored with its weights. */
export interface ModelPlan extends Omit<LayerPlan, "outputs"> {
  /** The network, by its name in the table of networks, or one of your own. */
  readonly network: AnyNetwork;
  /**
   * Whether the encoder keeps its weights and statistics in training; or how
   * many of its blocks do, counted from the input.
   */
  readonly freezeEncoder: boolean | number;
  /**
   * Whether batch norm keeps its statistics, scales and offsets in training,
   * and normalizes by them.
   */
  readonly freezeBatchNorm: boolean;
  /** What comes in, and what is learned. */
  readonly task: Task;
  /** How the input is normalized, inside the model. */
  readonly normalization: Normalization;
}

/**
 * The mean and deviation of ImageNet's pixels, which torchvision's weights
 * expect.
 */
export const imagenetNormalization: Normalization = {
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

/** The names of the inputs that published weights expect. */
export const inputConventions = ["torchvision", "caffe"] as const;

/**
 * The input that a network's weights expect: `torchvision`'s red, green, blue
 * in 0…1, normalized by ImageNet's mean and deviation; or `caffe`'s blue,
 * green, red in 0…255 less a mean.
 */
export type InputConvention = typeof inputConventions[number];

/** Settings where a plan has none, in the order of a plan's file. */
function defaultsOf(
  { defaults }: Network,
  task: Task,
): Omit<ModelPlan, "network"> {
  return {
    width: 1,
    batchNorm: defaults.batchNorm,
    decoderChannels: defaults.decoderChannels,
    padding: defaults.padding,
    dropout: 0,
    freezeEncoder: false,
    freezeBatchNorm: false,
    task,
    normalization: fitNormalization(
      imagenetNormalization,
      task.input.channels.length,
    ),
  };
}

/** The names of a plan's settings. */
export const planNames: readonly string[] = [
  "network",
  ...Object.keys(defaultsOf(networks[standardNetwork], objectTask())),
];

/**
 * Completes a plan with its network's settings and checks it.
 *
 * @param plan What differs from the network's own settings; without a network,
 * it is `vgg16_bn`: width 1, batch norm throughout, decoder channels 512, 256,
 * 128, 64, 32, no dropout, one output. `unet` has no batch norm and no padding,
 * and decoder channels 512, 256, 128, 64.
 * @returns The whole plan.
 * @throws {RangeError} If a setting is outside its range, or there is none of
 * that name.
 *
 * @example
 * ```ts
 * import { completePlan } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(completePlan({ width: 0.25 }).network, "vgg16_bn");
 * ```
 */
export function completePlan(plan: Partial<ModelPlan> = {}): ModelPlan {
  for (const name of Object.keys(plan)) {
    if (planNames.includes(name)) continue;
    throw new RangeError(
      cannot("build", "model with setting", briefText(name), {
        found: "no such setting",
        expected: planNames.join(", "),
      }),
    );
  }
  // A file may say null, which is not to be left out.
  const { network: chosen = standardNetwork } = plan;
  checkNetwork(chosen);
  const network = networkOf(chosen);
  const task = parseTask(plan.task ?? objectTask());
  const whole = {
    network: chosen,
    ...defaultsOf(network, task),
    ...plan,
    task,
  };
  for (const [name, rule] of Object.entries(rulesOf(whole, network))) {
    refuseUnless(name, whole[name as keyof ModelPlan], rule);
  }
  return whole;
}

/**
 * A plan as JSON, as files hold it: a network of a program's own by its name.
 *
 * @param plan The plan.
 * @returns The text.
 */
export function textOfPlan(plan: ModelPlan): string {
  return JSON.stringify({ ...plan, network: nameOfNetwork(plan.network) });
}

function checkNetwork(network: AnyNetwork): void {
  const isOwn = typeof network === "object" && network !== null;
  const found = isOwn ? faultOfNetwork(network) : brief(network);
  if (isOwn ? found === undefined : networkNames.includes(network)) return;
  throw new RangeError(
    cannot("build", "model with setting", "network", {
      found: found!,
      expected: isOwn
        ? "a CustomNetwork with a unique name"
        : networkNames.join(", "),
    }),
  );
}

/** Whether a setting is within its range, and the range in words. */
interface Rule {
  readonly isFit: boolean;
  readonly expected: string;
}

function rulesOf(
  plan: ModelPlan,
  network: Network,
): Record<Exclude<keyof ModelPlan, "network">, Rule> {
  const { blocks, defaults, worksUnpadded } = network;
  const steps = defaults.decoderChannels.length;
  const { decoderChannels, freezeEncoder } = plan;
  const isFlag = (value: unknown): Rule => ({
    isFit: typeof value === "boolean",
    expected: "true or false",
  });
  return {
    width: {
      isFit: Number.isFinite(plan.width) && plan.width > 0 && plan.width <= 4,
      expected: "a number above 0 and up to 4",
    },
    batchNorm: isFlag(plan.batchNorm),
    decoderChannels: {
      isFit: Array.isArray(decoderChannels) &&
        decoderChannels.length === steps &&
        [...decoderChannels].every((count) => isWithin(count, 1, 4096)),
      expected: `${inLetters[steps] ?? steps} integers from 1 to 4096`,
    },
    padding: {
      isFit: plan.padding === "same" ||
        plan.padding === "valid" && worksUnpadded && !plan.batchNorm,
      expected: "same, or valid with unet and without batch norm",
    },
    dropout: {
      isFit: Number.isFinite(plan.dropout) && plan.dropout >= 0 &&
        plan.dropout < 1,
      expected: "a number from 0 to below 1",
    },
    freezeEncoder: {
      isFit: typeof freezeEncoder === "boolean" ||
        isWithin(freezeEncoder, 1, blocks),
      expected: `true or false, or blocks from 1 to ${blocks}`,
    },
    freezeBatchNorm: isFlag(plan.freezeBatchNorm),
    task: taskRule(plan, network),
    normalization: {
      isFit: isNormalization(plan.normalization, plan.task),
      expected:
        "mean and deviation with a number per input channel, deviations above 0",
    },
  };
}

/** The Paper's softmax of object and background is one head's sigmoid. */
function taskRule({ task }: ModelPlan, { isPair }: Network): Rule {
  const [first] = task.heads;
  const needsSigmoid = isPair ?? false;
  const isSigmoid = first!.channels === 1 && first!.activation === "sigmoid";
  const { channels } = task.input;
  const isInput = hasChosenChannels(task.input) || channels.length === 3;
  return {
    isFit: isInput && (!needsSigmoid || isSigmoid),
    expected: "three input channels, or normalization percentiles" +
      (needsSigmoid ? ", and a first head of one channel with a sigmoid" : ""),
  };
}

const inLetters: Readonly<Record<number, string>> = { 4: "four", 5: "five" };

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function refuseUnless(
  name: string,
  value: unknown,
  { isFit, expected }: Rule,
): void {
  if (isFit) return;
  throw new RangeError(
    cannot("build", "model with setting", name, {
      found: brief(value),
      expected,
    }),
  );
}

function isNormalization(value: unknown, { input }: Task): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { mean, deviation } = value as Partial<Normalization>;
  const isPerChannel = (list: unknown): list is number[] =>
    Array.isArray(list) && list.length === input.channels.length &&
    [...list].every(Number.isFinite);
  return isPerChannel(mean) && isPerChannel(deviation) &&
    deviation.every((one) => one > 0);
}
