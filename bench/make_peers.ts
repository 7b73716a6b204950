// deno-lint-ignore-file no-console
import { cannot, DeviceError } from "@unet/errors";
import { peerFolder, pythonIn } from "./peer_python.ts";
import { readFlags } from "./read_flags.ts";

/** What the peers need, in the versions that the figures are of. */
const packages = {
  torch: ["torch==2.15.0", "numpy", "monai==1.6.1"],
  openvino: ["openvino==2026.4.1", "nncf==3.4.0", "pillow"],
  onnxruntime: ["onnxruntime==1.32.0"],
  optuna: ["optuna==5.0.0"],
  tensorflow: ["tensorflow==2.21.0"],
};

/**
 * `deno task bench:peers`: makes the Python environment of the peers in the
 * user's cache, or adds to it.
 *
 * @throws {UsageError} If an argument is none of its flags.
 * @throws {DeviceError} If Python or pip fail.
 */
export async function makePeers(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, {
    switches: ["tensorflow"],
    values: [],
  });
  const folder = peerFolder();
  console.log(`The peers' environment is ${folder}`);
  await run("python3", ["-m", "venv", folder]);
  const wanted = [
    ...packages.torch,
    ...packages.openvino,
    ...packages.onnxruntime,
    ...packages.optuna,
    ...(flags.on("tensorflow") ? packages.tensorflow : []),
  ];
  console.log(`Installing ${wanted.join(", ")}; torch alone is a large one`);
  // pip's own progress goes to the terminal.
  await run(pythonIn(folder), ["-m", "pip", "install", ...wanted]);
  console.log("Done: deno task bench finds it on its own");
}

async function run(program: string, args: string[]): Promise<void> {
  let code: number;
  try {
    const command = new Deno.Command(program, { args, stdin: "null" });
    ({ code } = await command.spawn().status);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new DeviceError(
      cannot("run", "program", program, {
        found: "no such program",
        remedy: "install Python 3.11 or later, with its venv module",
      }),
      { cause },
    );
  }
  if (code === 0) return;
  throw new DeviceError(
    cannot("run", "program", [program, ...args].join(" "), {
      found: `exit code ${code}`,
      remedy: "its own message is above",
    }),
  );
}
