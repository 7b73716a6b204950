import type { Command } from "./command.ts";
import { commandSummaries } from "./command_summaries.ts";
import { interruptSignal } from "./interrupt.ts";
import { openInBrowser } from "./open_in_browser.ts";
import { printError, printLine } from "./terminal.ts";

/** `unet studio`: a page that shows and segments the images of a folder. */
export const studio: Command = {
  name: "studio",
  summary: commandSummaries.studio,
  usage: "[FOLDER] [flags]",
  description:
    "Serves a page for this machine only and opens it in the browser. " +
    "Nothing is uploaded. Without FOLDER, it uses the current folder. " +
    "Masks are saved in its subfolder masks. Ctrl-C ends the studio.",
  groups: [{
    title: "Studio",
    flags: [
      {
        name: "port",
        kind: "whole",
        value: "N",
        minimum: 1024,
        maximum: 65535,
        help: "port of the page; a free one by default",
      },
      {
        name: "model",
        kind: "text",
        value: "RUN|FILE",
        isRepeated: true,
        help: "a trained model to offer in addition to the published ones; " +
          "repeatable",
      },
      {
        name: "no-open",
        kind: "switch",
        help: "prints the address and opens no browser",
      },
    ],
  }],
  examples: [
    ["", "the images of the current folder"],
    ["plates --no-open", "prints the address, for a browser of your choice"],
  ],
  positional: [0, 1],
  async run(flags) {
    const { openStudio } = await import("@unet/studio");
    const [folder = "."] = flags.positional;
    const port = flags.number("port");
    using interrupt = interruptSignal(() =>
      printError("Interrupted: ending the studio")
    );
    await using studio = await openStudio(folder, {
      ...(port !== undefined && { port }),
      models: flags.texts("model"),
      onDefect: (error) =>
        printError(error instanceof Error ? error.stack ?? "" : String(error)),
    });
    if (studio.warning !== null) printError(studio.warning);
    printLine(`Studio: ${studio.url}`);
    printLine("The address holds a key to your files: keep it to yourself.");
    if (!flags.on("no-open")) {
      const fault = await openInBrowser(studio.url);
      if (fault !== null) printLine(fault);
    }
    await aborted(interrupt.signal);
    return 0;
  },
};

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true })
  );
}
