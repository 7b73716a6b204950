import { installableDevices, listDevices } from "@unet/device";
import { cannot, UsageError } from "@unet/errors";
import type { Command } from "./command.ts";
import type { Flags } from "./flags.ts";
import { reportInstall, reportUninstall } from "./install_device.ts";
import { formatTable } from "./table.ts";
import { printJson, printLine } from "./terminal.ts";
import { traceDevice } from "./trace_device.ts";

/** `unet devices`: what can compute here. */
export const devicesCommand: Command = {
  name: "devices",
  summary: "lists what can compute on this machine",
  usage: "[--json | --trace NAME | [--un]install NAME]",
  description:
    "Tries each device with a small convolution and its gradient, and prints " +
    "which ones work, their versions, and what keeps the others from working " +
    "and how to get them.",
  groups: [{
    title: "Output",
    flags: [
      { name: "json", kind: "switch", help: "prints JSON" },
      {
        name: "trace",
        kind: "text",
        value: "NAME",
        help: "trains a step and segments on that device, and prints what " +
          "computed each kernel and how long it took",
      },
    ],
  }, {
    title: "Libraries",
    flags: [
      {
        name: "install",
        kind: "text",
        value: "NAME",
        help: `gets what a device needs (${installableDevices.join(", ")}) ` +
          "into the cache, by python3 and pip, with a checksum that is part " +
          "of the program",
      },
      {
        name: "uninstall",
        kind: "text",
        value: "NAME",
        help: "removes it from the cache",
      },
    ],
  }],
  examples: [
    ["", "a table"],
    ["--json", "for programs"],
    ["--trace onednn", "which kernels are slow, or take a detour"],
    ["--install onednn", "gets oneDNN, the fastest on a processor"],
  ],
  positional: [0, 0],
  async run(flags) {
    requireOne(flags);
    if (flags.given("trace")) {
      await traceDevice(flags.required("trace"));
      return 0;
    }
    if (flags.given("install")) {
      await reportInstall(flags.required("install"));
      return 0;
    }
    if (flags.given("uninstall")) {
      await reportUninstall(flags.required("uninstall"));
      return 0;
    }
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

/** What is printed, installed or removed excludes the others. */
function requireOne(flags: Flags): void {
  const [first, second] = flags.names;
  if (second === undefined) return;
  throw new UsageError(
    cannot("use", "flag", `--${second}`, {
      found: `--${first} besides`,
      expected: "one of the two",
    }),
  );
}
