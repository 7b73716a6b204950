import type { Command } from "./command.ts";
import { type CommandName, commandSummaries } from "./command_summaries.ts";

export type { CommandName };

/** Where each command is; a command is loaded when it is called. */
const loaders = {
  check: async () => (await import("./check.ts")).check,
  train: async () => (await import("./train.ts")).train,
  tune: async () => (await import("./tune.ts")).tune,
  segment: async () => (await import("./segment.ts")).segmentCommand,
  studio: async () => (await import("./studio.ts")).studio,
  serve: async () => (await import("./serve.ts")).serve,
  import: async () => (await import("./import.ts")).importCommand,
  merge: async () => (await import("./merge.ts")).merge,
  evaluate: async () => (await import("./evaluate.ts")).evaluateCommand,
  devices: async () => (await import("./devices.ts")).devicesCommand,
  summary: async () => (await import("./summary.ts")).summary,
  calibrate: async () => (await import("./calibrate.ts")).calibrate,
  export: async () => (await import("./export.ts")).exportCommand,
  synth: async () => (await import("./synth.ts")).synth,
  "lr-range": async () => (await import("./lr_range.ts")).lrRange,
  install: async () => (await import("./install.ts")).install,
} satisfies Record<CommandName, () => Promise<Command>>;

/** The commands there are, in the order of the help. */
export const commandNames = Object.keys(
  commandSummaries,
) as readonly CommandName[];

/** Loads a command. */
export function loadCommand(name: CommandName): Promise<Command> {
  return loaders[name]();
}
