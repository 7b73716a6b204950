import { listDevices } from "@unet/device";
import type { Command } from "./command.ts";
import { formatTable } from "./table.ts";
import { printJson, printLine } from "./terminal.ts";

/** `unet devices`: what can compute here. */
export const devicesCommand: Command = {
  name: "devices",
  summary: "lists what can compute on this machine",
  usage: "[--json]",
  description:
    "Tries each device with a small convolution and its gradient, and prints " +
    "which ones work, their versions, and what keeps the others from working.",
  groups: [{
    title: "Output",
    flags: [{ name: "json", kind: "switch", help: "prints JSON" }],
  }],
  examples: [["", "a table"], ["--json", "for programs"]],
  positional: [0, 0],
  async run(flags) {
    const reports = await listDevices();
    if (flags.on("json")) {
      printJson(reports);
      return 0;
    }
    const rows = reports.map((report) => [
      report.name,
      report.available ? "works" : "no",
      report.version,
      report.hardware,
      report.missingKernels.length === 0
        ? "complete"
        : `lacks ${report.missingKernels.join(" ")}`,
      report.reason,
    ]);
    const header = ["Device", "State", "Version", "Hardware", "Kernels", "Why"];
    for (const line of formatTable([header, ...rows])) printLine(line);
    return 0;
  },
};
