import { basename } from "@std/path";
import {
  inferenceSettings,
  readSettings,
  windowSettings,
} from "@unet/app/settings";
import { describeChoice } from "@unet/device/describe-choice";
import { cannot, UsageError } from "@unet/errors";
import { readTextFile } from "@unet/files";
import type { ModelChoice } from "@unet/serve";
import type { Command } from "./command.ts";
import { commandSummaries } from "./command_summaries.ts";
import type { Flags } from "./flags.ts";
import { interruptSignal } from "./interrupt.ts";
import { inferenceFlags, windowFlags } from "./setting_flags.ts";
import { printError, printLine } from "./terminal.ts";
import { wordSettings } from "./word_settings.ts";

/** `unet serve`: trained models over HTTP. */
export const serve: Command = {
  name: "serve",
  summary: commandSummaries.serve,
  usage: "--model [NAME=]RUN|FILE|NAME [flags]",
  description: "Answers requests with trained models: POST /segment takes an " +
    "image and gives a mask, labels, outlines or measurements; /v2 is the " +
    "Open Inference Protocol V2. Only this machine is answered, unless " +
    "--host names another address: then clients need a token. For TLS, put a " +
    "proxy in front. Ctrl-C or SIGTERM ends the server once the requests " +
    "under way are answered.",
  groups: [
    {
      title: "Server",
      flags: [
        {
          name: "model",
          kind: "text",
          value: "[NAME=]RUN|FILE|NAME",
          isRepeated: true,
          help:
            "a trained model to serve, and its name in addresses (default " +
            "the name of its folder or file); repeatable",
        },
        {
          name: "host",
          kind: "text",
          value: "ADDRESS",
          default: "127.0.0.1",
          help: "address to listen on; 0.0.0.0 for all of this machine",
        },
        {
          name: "port",
          kind: "whole",
          value: "N",
          minimum: 1024,
          maximum: 65535,
          default: "8000",
          help: "port to listen on",
        },
        {
          name: "token-file",
          kind: "text",
          value: "FILE",
          help: "file with the token that clients send; without it, another " +
            "address than 127.0.0.1 gets a token that is printed once",
        },
      ],
    },
    {
      title: "Limits",
      flags: [
        {
          name: "queue",
          kind: "whole",
          value: "N",
          minimum: 0,
          maximum: 10_000,
          default: "64",
          help: "requests that may wait; more are answered with status 503",
        },
        {
          name: "timeout",
          kind: "number",
          value: "S",
          minimum: 1,
          maximum: 86_400,
          default: "300",
          help: "seconds from a request to its answer, waiting included",
        },
        {
          name: "max-body",
          kind: "number",
          value: "MIB",
          minimum: 0.001,
          maximum: 4096,
          default: "64",
          help: "largest body of a request, in MiB",
        },
        {
          name: "max-pixels",
          kind: "whole",
          value: "N",
          minimum: 1,
          maximum: 2 ** 40,
          default: String(2 ** 26),
          help: "largest image, or images of a request, in pixels",
        },
      ],
    },
    { title: "Windows", flags: windowFlags },
    inferenceFlags,
  ],
  examples: [
    ["--model nuclei", "a published model, for programs of this machine"],
    [
      "--model cells=runs/first --model nuclei --port 9000",
      "two models, the first under a name of its own",
    ],
    [
      "--model runs/first --host 0.0.0.0 --token-file token",
      "for other machines, behind a proxy that has TLS",
    ],
  ],
  positional: [0, 0],
  async run(flags) {
    const { openServer } = await import("@unet/serve");
    const models = flags.texts("model").map(modelOf);
    if (models.length === 0) flags.required("model");
    const stopping = Promise.withResolvers<void>();
    using interrupt = interruptSignal(() => {
      printError("Interrupted: answering the requests that were let in");
      stopping.resolve();
    });
    const token = await tokenOf(flags);
    await using server = await openServer({
      ...{ models, host: flags.text("host")!, port: flags.number("port")! },
      ...(token !== undefined && { token }),
      ...{ queue: flags.number("queue")!, seconds: flags.number("timeout")! },
      mostBytes: Math.round(flags.number("max-body")! * 2 ** 20),
      mostPixels: flags.number("max-pixels")!,
      network: {
        ...readSettings(windowSettings, flags),
        ...readSettings(inferenceSettings, flags),
      },
      onModel: ({ name, device }) =>
        printLine(
          `Model ${name}: ${
            flags.on("verbose")
              ? wordSettings(describeChoice(device))
              : `${device.name} (${device.precision})`
          }`,
        ),
      onDefect: (error) =>
        printError(error instanceof Error ? error.stack ?? "" : String(error)),
    });
    printLine(`Serving: ${server.url}`);
    if (server.token !== null && token === undefined) {
      printLine(`Token, not shown again: ${server.token}`);
    }
    if (interrupt.signal.aborted) stopping.resolve();
    const failure = await Promise.race([stopping.promise, server.failed]);
    if (failure instanceof Error) throw failure;
    await server.stop();
    return 0;
  },
};

/** A model, under the name before the first `=` or that of its path. */
function modelOf(text: string): ModelChoice {
  const [, name, path] = /^([\w.-]+)=(.+)$/.exec(text) ?? [];
  if (name !== undefined && path !== undefined) return { name, path };
  const own = basename(text).replace(/\.safetensors$/i, "");
  return { name: own, path: text };
}

async function tokenOf(flags: Flags): Promise<string | undefined> {
  const path = flags.text("token-file");
  if (path === undefined) return undefined;
  const token = (await readTextFile(path)).trim();
  if (/^[!-~]{16,4096}$/.test(token)) return token;
  throw new UsageError(cannot("use", "flag", "--token-file", {
    found: `${token.length} characters in ${path}`,
    expected: "a token of at least 16, without spaces",
  }));
}
