import { describeCard } from "@unet/app/model-card";
import {
  chooseNetwork,
  networkSettings,
  readSettings,
} from "@unet/app/settings";
import {
  completePlan,
  describeSizes,
  fitInputSize,
  marginOf,
} from "@unet/model/networks";
import type { SavedModel } from "@unet/model";
import { summarize } from "@unet/model/summary";
import { cannot, UsageError } from "@unet/errors";
import type { Command } from "./command.ts";
import { commandSummaries } from "./command_summaries.ts";
import type { Flags } from "./flags.ts";
import { givenModel, modelFlag } from "./model_flag.ts";
import { describeTask } from "@unet/task";
import { taskFlags, taskOfFlags } from "./summary_task.ts";
import { networkFlags } from "./setting_flags.ts";
import { formatTable } from "./table.ts";
import { printError, printJson, printLine, printText } from "./terminal.ts";

/** `unet summary`: the layers of a network. */
export const summary: Command = {
  name: "summary",
  summary: commandSummaries.summary,
  usage: "[MODEL] [flags]",
  description:
    "Prints each layer's output shape, parameters and floating point " +
    "operations for one image. MODEL, the same as --model, is a trained " +
    "model; without it, the flags describe the network.",
  groups: [
    { title: "Model", flags: [modelFlag] },
    networkFlags,
    { title: "Task", flags: taskFlags },
    {
      title: "Output",
      flags: [
        {
          name: "size",
          kind: "whole",
          minimum: 32,
          maximum: 16384,
          help: "height and width of the image, a multiple of 32 (default " +
            "256; 572 for unet without padding)",
        },
        { name: "json", kind: "switch", help: "prints JSON" },
      ],
    },
  ],
  examples: [
    ["", "the report's network"],
    ["--width 0.25 --size 512", "a narrower network, on larger images"],
    ["--network resnet34 --classes 3 --channels 2", "another task"],
    ["runs/first", "a trained model"],
  ],
  positional: [0, 1],
  async run(flags) {
    const name = givenModel(flags);
    if (name !== undefined) refuseNetwork(flags, name);
    const saved = name === undefined ? undefined : await readSaved(
      name,
      flags.on("json") ? printError : printLine,
    );
    const choices = readSettings(networkSettings, flags);
    const chosen = chooseNetwork(choices);
    const plan = saved?.plan ?? completePlan({
      ...chosen,
      width: choices.width ?? 1,
      dropout: choices.dropout ?? 0,
      freezeBatchNorm: choices.freezeBatchNorm ?? false,
      task: taskOfFlags(flags, chosen.network),
    });
    const size = flags.number("size") ?? (marginOf(plan) > 0 ? 572 : 256);
    if (fitInputSize(plan, size) !== size) {
      throw new UsageError(
        cannot("use", "flag", "--size", {
          found: String(size),
          expected: describeSizes(plan),
        }),
      );
    }
    const result = summarize(plan, { height: size, width: size });
    if (flags.on("json")) {
      printJson({ plan, ...result, card: saved?.card });
      return 0;
    }
    const rows = result.rows.map(({ name, kind, output, parameters, flop }) => [
      name,
      kind,
      output.join("×"),
      parameters.toLocaleString("en-US"),
      (flop / 1e6).toFixed(1),
    ]);
    const header = ["Layer", "Kind", "Output", "Parameters", "MFLOP"];
    printText(formatTable([header, ...rows]).join("\n") + "\n\n");
    printLine(
      `${result.convolutions} convolutions, ` +
        `${(result.parameters / 1e6).toFixed(1)} M parameters, ` +
        `${(result.flop / 1e9).toFixed(1)} GFLOP forward for an image of ` +
        `${size}×${size}`,
    );
    const isAsked = taskFlags.some(({ name }) => flags.given(name));
    if (isAsked) describeTask(plan.task).forEach(printLine);
    if (saved) printLine(`Plan: ${JSON.stringify(saved.plan)}`);
    if (saved) describeCard(saved.plan, saved.card).forEach(printLine);
    return 0;
  },
};

/** Reads a trained model. */
async function readSaved(
  name: string,
  say: (line: string) => void,
): Promise<SavedModel> {
  const { readNamedModel } = await import("@unet/app/find-model");
  return await readNamedModel(name, say);
}

/** A trained model is the network that it is. */
function refuseNetwork(flags: Flags, model: string): void {
  const given = [...networkFlags.flags, ...taskFlags]
    .find(({ name }) => flags.given(name));
  if (given === undefined) return;
  throw new UsageError(
    cannot("use", "flag", `--${given.name}`, {
      found: `model ${model}, which has its own network`,
      expected: "one of the two",
    }),
  );
}
