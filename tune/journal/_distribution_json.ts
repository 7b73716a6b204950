import { brief } from "@unet/errors";
import { checkJson } from "@unet/files";
import type { Choice, Distribution } from "../distribution.ts";
import { largestReached } from "./_largest_reached.ts";
import { parsePythonJson, Real, writePythonJson } from "./_python_json.ts";

/** A distribution and the name of Optuna's class for it, of which five are old. */
export interface NamedDistribution {
  /** The class; those of two names are never compatible. */
  readonly name: string;
  /** What it says. */
  readonly distribution: Distribution;
}

/** Optuna's name of the class. */
const names = {
  float: "FloatDistribution",
  int: "IntDistribution",
  categorical: "CategoricalDistribution",
} as const;

/** Gives a distribution the name that it is written under. */
export function named(distribution: Distribution): NamedDistribution {
  return { name: names[distribution.kind], distribution };
}

type Attributes = Readonly<Record<string, unknown>>;

/** What the attributes of each class mean; the last five are of Optuna 1 and 2. */
const readers: Readonly<Record<string, (of: Attributes) => Distribution>> = {
  FloatDistribution: (of) => float(of, flag(of), of.step ?? null),
  IntDistribution: (of) => int(of, flag(of)),
  CategoricalDistribution: ({ choices }) => {
    if (!Array.isArray(choices) || choices.length === 0) {
      throw new SyntaxError("a distribution without choices");
    }
    return { kind: "categorical", choices: choices.map(toChoice) };
  },
  UniformDistribution: (of) => float(of, false, null),
  LogUniformDistribution: (of) => float(of, true, null),
  DiscreteUniformDistribution: (of) => float(of, false, of.q),
  IntUniformDistribution: (of) => int(of, false),
  IntLogUniformDistribution: (of) => int(of, true),
};

/**
 * Reads the text of a distribution, as it stands in a journal.
 *
 * @throws {SyntaxError} If it is none that Optuna would accept.
 */
export function parseDistribution(text: string): NamedDistribution {
  let json: unknown;
  try {
    checkJson(text);
    json = parsePythonJson(text);
  } catch (cause) {
    throw new SyntaxError("a distribution that is no JSON", { cause });
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new SyntaxError("a distribution that is no object");
  }
  const { name, attributes, type, ...rest } = json as Record<string, unknown>;
  const kind = name === undefined
    ? Object.entries(names).find(([kind]) => kind === type)?.[1]
    : name;
  if (typeof kind !== "string" || !Object.hasOwn(readers, kind)) {
    throw new SyntaxError(`the distribution ${brief(name ?? type)}`);
  }
  const of = name === undefined ? rest : attributes;
  if (typeof of !== "object" || of === null) {
    throw new SyntaxError("a distribution without attributes");
  }
  const distribution = readers[kind]!(of as Attributes);
  const fault = faultOf(distribution);
  if (fault) throw new SyntaxError(`a distribution of ${fault}`);
  return { name: kind, distribution };
}

/**
 * Writes a distribution as Optuna does.
 *
 * @throws {RangeError} If Optuna would not accept it.
 */
export function writeDistribution(
  { name, distribution }: NamedDistribution,
): string {
  const fault = faultOf(distribution);
  if (fault) throw new RangeError(`Cannot write a distribution of ${fault}`);
  return writePythonJson(
    { name, attributes: attributesOf(name, distribution) },
    "spaced",
  );
}

function attributesOf(name: string, distribution: Distribution): unknown {
  if (distribution.kind === "categorical") {
    return { choices: distribution.choices };
  }
  const { low, high, log, step } = distribution;
  if (distribution.kind === "int") {
    if (name !== names.int) return { step, low, high };
    return { log, step, low, high };
  }
  const bounds = { low: new Real(low), high: new Real(high) };
  const distance = step === null ? null : new Real(step);
  if (name === "DiscreteUniformDistribution") return { ...bounds, q: distance };
  if (name !== names.float) return bounds;
  return { step: distance, ...bounds, log };
}

/** What Optuna refuses in a distribution, or null. */
function faultOf(distribution: Distribution): string | null {
  if (distribution.kind === "categorical") {
    return distribution.choices.length === 0 ? "no choices" : null;
  }
  const { kind, low, high, log, step } = distribution;
  if (!(low <= high)) return `${low} to ${high}`;
  if (kind === "int" && ![low, high, step].every(Number.isInteger)) {
    return "fractions of whole numbers";
  }
  if (step !== null && !(step > 0)) return `step ${step}`;
  if (!log) return null;
  if (step !== null && !(kind === "int" && step === 1)) {
    return `step ${step} on a logarithmic scale`;
  }
  if (low <= 0) return `${low} on a logarithmic scale`;
  return null;
}

function float(of: Attributes, log: boolean, step: unknown): Distribution {
  const low = number(of, "low"), high = number(of, "high");
  if (step === null) return { kind: "float", low, high, log, step };
  const distance = number({ step }, "step");
  return {
    kind: "float",
    low,
    high: distance > 0 ? largestReached(low, high, distance) : high,
    log,
    step: distance,
  };
}

function int(of: Attributes, log: boolean): Distribution {
  const step = Math.trunc(number({ step: 1, ...of }, "step"));
  const low = Math.trunc(number(of, "low"));
  const high = Math.trunc(number(of, "high"));
  return {
    kind: "int",
    low,
    high: step > 0 && high >= low ? high - (high - low) % step : high,
    log,
    step,
  };
}

function number(of: Attributes, name: string): number {
  const value = of[name];
  if (typeof value === "number") return value;
  throw new SyntaxError(`a distribution without a number "${name}"`);
}

function flag({ log = false }: Attributes): boolean {
  if (typeof log === "boolean") return log;
  throw new SyntaxError('a distribution whose "log" is neither true nor false');
}

/** A list or a table, which Optuna bears with a warning, shows as its text. */
function toChoice(value: unknown): Choice {
  return typeof value === "object" && value !== null
    ? writePythonJson(value, "spaced")
    : value as Choice;
}
