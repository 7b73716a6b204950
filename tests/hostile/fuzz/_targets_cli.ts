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

/** What of the command line reads files, and has no entry of its own. */
interface Readers {
  parseSpace(
    text: string,
    path: string,
    table: ReadonlyMap<string, Flag>,
  ): unknown;
  parseSettings(value: unknown, path: string): unknown;
  readFlags(
    command: string,
    table: readonly Flag[],
    args: readonly string[],
    configuration: { path: string; settings: Record<string, unknown> },
  ): unknown;
}

const cli = (file: string): string =>
  new URL(`../../../cli/${file}`, import.meta.url).href;

async function loadReaders(): Promise<Readers> {
  const [space, settings, flags] = await Promise.all(
    ["parse_space.ts", "parse_settings.ts", "flags.ts"].map((file) =>
      import(cli(file))
    ),
  );
  return { ...space, ...settings, ...flags };
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
      const { parseSpace } = await loadReaders();
      const table = new Map(flags.map((flag) => [flag.name, flag]));
      await attempt(() => parseSpace(textOf(bytes), "space.toml", table));
    },
  },
  configuration: {
    seeds: () =>
      Promise.resolve([
        bytesOf('{"lr":0.1,"batch":8,"nesterov":true,"loss":"bce"}'),
      ]),
    mutations: [replaceValue],
    read: async (bytes, folder) => {
      const { readFlags, parseSettings } = await loadReaders();
      const path = join(folder, "settings.json");
      let settings: unknown;
      try {
        settings = parseJson(textOf(bytes));
      } catch {
        // Whoever reads the file words it.
        return;
      }
      await attempt(() => parseSettings(settings, path));
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
