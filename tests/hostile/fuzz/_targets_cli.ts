import { parseJson } from "@unet/files";
import { join } from "@std/path";
import { changeLines, replaceValue } from "./_mutate_text.ts";
import { attempt, type Target } from "./_target.ts";

/** A flag, as the command line's tables have it. */
interface Flag {
  readonly name: string;
  readonly kind: string;
  readonly help: string;
  readonly choices?: readonly string[];
}

/** What reads files of a command, and has no entry of its own. */
interface Readers {
  parseSpace(
    text: string,
    options: { path: string; inputs: ReadonlyMap<string, unknown> },
  ): unknown;
  /** The inputs that a search may have. */
  readonly triedInputs: ReadonlyMap<string, unknown>;
  parseTrainSettings(value: unknown, path: string): unknown;
  readFlags(
    command: string,
    table: readonly Flag[],
    args: readonly string[],
    configuration: { path: string; settings: Record<string, unknown> },
  ): unknown;
}

const places = [
  "app/studies/parse_space.ts",
  "app/studies/settings_of_values.ts",
  "app/settings/parse_train_settings.ts",
  "cli/flags.ts",
];

async function loadReaders(): Promise<Readers> {
  const modules = await Promise.all(
    places.map((place) =>
      import(new URL(`../../../${place}`, import.meta.url).href)
    ),
  );
  return Object.assign({}, ...modules);
}

const flags: readonly Flag[] = [
  { name: "lr", kind: "number", help: "" },
  { name: "batch", kind: "whole", help: "" },
  { name: "nesterov", kind: "switch", help: "" },
  { name: "loss", kind: "choice", help: "", choices: ["bce", "dice"] },
  { name: "weights", kind: "text", help: "" },
];

const toml = `batch = [8, 16, 32]
nesterov = [true, false]

[lr]
low = 1e-4
high = 0.1
log = true

[loss]
choices = ["bce", "dice"]
`;
const json = '{"lr":{"low":0.1,"high":1,"step":0.1},"weights":["a",null]}';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What the command line reads of files that people write. */
export const cliTargets: Readonly<Record<string, Target>> = {
  space: {
    seeds: () => Promise.resolve([bytesOf(toml), bytesOf(json)]),
    mutations: [replaceValue, changeLines],
    read: async (bytes) => {
      const { parseSpace, triedInputs: inputs } = await loadReaders();
      const options = { path: "space.toml", inputs };
      await attempt(() => parseSpace(textOf(bytes), options));
    },
  },
  configuration: {
    seeds: () =>
      Promise.resolve([
        bytesOf('{"lr":0.1,"batch":8,"nesterov":true,"loss":"bce"}'),
      ]),
    mutations: [replaceValue],
    read: async (bytes, folder) => {
      const { readFlags, parseTrainSettings } = await loadReaders();
      const path = join(folder, "settings.json");
      let settings: unknown;
      try {
        settings = parseJson(textOf(bytes));
      } catch {
        // Whoever reads the file words it.
        return;
      }
      await attempt(() => parseTrainSettings(settings, path));
      if (typeof settings !== "object" || settings === null) return;
      await attempt(() =>
        readFlags("train", flags, [], {
          path,
          settings: settings as Record<string, unknown>,
        })
      );
    },
  },
};
