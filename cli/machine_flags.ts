import type { FlagGroup } from "./command.ts";

/** The flags that say what computes where nothing is trained. */
export function inferenceFlags(): FlagGroup {
  const { title, flags } = machineFlags;
  return {
    title,
    flags: flags.filter(({ name }) => name !== "workers").map((flag) =>
      flag.name === "precision"
        ? {
          ...flag,
          choices: ["float32", "mixed", "int8"],
          help: "numeric precision; int8 needs unet calibrate first, and the " +
            "device onednn",
        }
        : flag
    ),
  };
}

/** The flags that say what computes. */
export const machineFlags: FlagGroup = {
  title: "Machine",
  flags: [
    {
      name: "device",
      kind: "text",
      value: "NAME",
      default: "auto",
      help: "compute backend: auto uses the fastest that works; unet " +
        "devices lists them",
    },
    {
      name: "precision",
      kind: "choice",
      choices: ["float32", "mixed"],
      default: "float32",
      help: "numeric precision",
    },
    {
      name: "workers",
      kind: "whole",
      minimum: 0,
      maximum: 64,
      default: "1",
      help: "threads that read and augment tiles in advance; 0 uses none",
    },
  ],
};
