import { installableDevices } from "@unet/device/offer-install";
import { cannot, UsageError } from "@unet/errors";
import type { Command } from "./command.ts";
import { commandSummaries } from "./command_summaries.ts";
import { describeDevices } from "./describe_devices.ts";
import type { Flags } from "./flags.ts";
import { printJson, printLine } from "./terminal.ts";

/** `unet devices`: the available compute backends. */
export const devicesCommand: Command = {
  name: "devices",
  summary: commandSummaries.devices,
  usage: "[--json | --trace NAME | [--un]install NAME]",
  description:
    "Tries each backend with a small convolution and its gradient. Prints " +
    "which work, with their libraries, hardware and speed, and what the others " +
    "lack and how to get it.",
  groups: [{
    title: "Output",
    flags: [
      { name: "json", kind: "switch", help: "prints JSON" },
      {
        name: "trace",
        kind: "text",
        value: "NAME",
        help:
          "trains a step and segments an image on that device, and prints " +
          "what computed each kernel and how long it took",
      },
    ],
  }, {
    title: "Libraries",
    flags: [
      {
        name: "install",
        kind: "text",
        value: "NAME",
        help: `installs the library of a device ` +
          `(${installableDevices.join(", ")}) in the cache with pip, and ` +
          "verifies its checksum",
      },
      {
        name: "uninstall",
        kind: "text",
        value: "NAME",
        help: "removes the library from the cache",
      },
    ],
  }],
  examples: [
    ["", "a table"],
    ["--json", "for programs"],
    ["--trace onednn", "shows which kernels are slow or fall back to others"],
    ["--install onednn", "installs oneDNN, the fastest on a CPU"],
  ],
  positional: [0, 0],
  async run(flags) {
    requireOne(flags);
    if (flags.given("trace")) {
      const { traceDevice } = await import("./trace_device.ts");
      await traceDevice(flags.required("trace"));
      return 0;
    }
    if (flags.given("install")) {
      const { reportInstall } = await import("./install_device.ts");
      await reportInstall(flags.required("install"));
      return 0;
    }
    if (flags.given("uninstall")) {
      const { reportUninstall } = await import("./install_device.ts");
      await reportUninstall(flags.required("uninstall"));
      return 0;
    }
    const { listDevices } = await import("@unet/device");
    const reports = await listDevices();
    if (flags.on("json")) {
      printJson(reports);
      return 0;
    }
    describeDevices(reports).forEach(printLine);
    return 0;
  },
};

/** Each flag asks for an output or a change of its own. */
function requireOne(flags: Flags): void {
  const [first, second] = flags.names;
  if (second === undefined) return;
  throw new UsageError(
    cannot("use", "flag", `--${second}`, {
      found: `--${first} beside it`,
      expected: "one of the two",
    }),
  );
}
