import { resolve } from "@std/path";
import { cannot, UsageError } from "@unet/errors";
import type { EncoderName } from "@unet/model";
import { openRun } from "@unet/train";
import type { Flags } from "./flags.ts";
import { planOf } from "./model_flags.ts";

/** Every setting of a training run, resolved; what `config.json` holds. */
export interface TrainSettings {
  /** The run folder. */
  readonly out: string;
  /** Whether the run is there already and goes on. */
  readonly resume: boolean;
  /** Folder or zip of images and masks; null for drawn ones. */
  readonly data: string | null;
  /** Shares of the images. */
  readonly validation: number;
  /** Share kept out altogether. */
  readonly test: number;
  /** Whether faulty images are left out instead of stopping. */
  readonly skipFaulty: boolean;
  /** Whether tiles are augmented. */
  readonly augment: boolean;
  /** The encoder. */
  readonly encoder: EncoderName;
  /** Multiplies channels; null for what suits the device. */
  readonly width: number | null;
  /** Whether batch norm follows bottleneck's and decoder's convolutions. */
  readonly batchNorm: boolean;
  /** Share of bottleneck features dropped. */
  readonly dropout: number;
  /** Whether the encoder stays as it is. */
  readonly freezeEncoder: boolean;
  /** A model to start from, or null. */
  readonly weights: string | null;
  /** Height and width of a tile; null for what suits the device. */
  readonly tile: number | null;
  /** Passes over the training images. */
  readonly epochs: number;
  /** Tiles a step. */
  readonly batch: number;
  /** What is lowered. */
  readonly loss: string;
  /** How gradients change weights. */
  readonly optimizer: string;
  /** The largest learning rate. */
  readonly learningRate: number;
  /** Momentum of SGD. */
  readonly momentum: number;
  /** Whether the momentum is Nesterov's. */
  readonly nesterov: boolean;
  /** Pull of weights toward zero. */
  readonly weightDecay: number;
  /** How the learning rate moves. */
  readonly scheduler: string;
  /** Epochs of the scheduler's first period; null for its default. */
  readonly period: number | null;
  /** Decides split, weights and augmentation. */
  readonly seed: number;
  /** Steps between savings within an epoch, or null. */
  readonly saveEvery: number | null;
  /** What computes. */
  readonly device: string;
  /** Of the computation. */
  readonly precision: "float32" | "mixed";
  /** Threads that read and augment ahead. */
  readonly workers: number;
}

/** The settings that a command line asks for. */
export function settingsOf(flags: Flags): TrainSettings {
  const data = flags.text("data");
  const drawn = data === undefined;
  const { width, ...plan } = planOf(flags, NaN);
  const optimizer = flags.text("optimizer")!;
  const scheduler = flags.text("scheduler")!;
  const epochs = flags.number("epochs") ?? (drawn ? demo.epochs : 30);
  const learningRate = flags.number("lr") ??
    (optimizer !== "sgd" ? 0.001 : drawn ? demo.learningRate : 0.4);
  const shares = flags.number("validation")! + flags.number("test")!;
  if (shares >= 1) {
    throw new UsageError(
      cannot("use", "flags", "--validation and --test", {
        found: `shares that sum to ${shares}`,
        expected: "below 1",
      }),
    );
  }
  return {
    out: resolve(flags.text("out") ?? `runs/${timeName(new Date())}`),
    resume: false,
    data: drawn ? null : resolve(data),
    validation: flags.number("validation")!,
    test: flags.number("test")!,
    skipFaulty: flags.on("skip-faulty"),
    augment: flags.text("augment") === "on",
    ...plan,
    width: Number.isNaN(width) ? (drawn ? null : 1) : width,
    weights: absolute(flags.text("weights")),
    tile: flags.number("tile") ?? (drawn ? null : 256),
    epochs,
    batch: flags.number("batch") ?? (drawn ? demo.batch : 16),
    loss: flags.text("loss")!,
    optimizer,
    learningRate,
    momentum: flags.number("momentum")!,
    nesterov: flags.on("nesterov"),
    weightDecay: flags.number("weight-decay")!,
    scheduler,
    period: flags.number("period") ?? (drawn ? demo.epochs : null),
    seed: flags.number("seed")!,
    saveEvery: flags.number("save-every") ?? null,
    device: flags.text("device")!,
    precision: flags.text("precision") as TrainSettings["precision"],
    workers: flags.number("workers")!,
  };
}

/** What suits the small set that the program draws itself. */
const demo = { epochs: 8, batch: 8, learningRate: 0.1 } as const;

/** Flags that may accompany `--resume`: they change no result so far. */
const resumable = ["resume", "epochs", "save-every", "workers", "device"];

/** The settings of a run that goes on. */
export async function resumeSettings(flags: Flags): Promise<TrainSettings> {
  const out = resolve(flags.text("resume")!);
  for (const name of flags.names) {
    if (!resumable.includes(name)) {
      throw new UsageError(
        cannot("use", "flag", `--${name}`, {
          found: "--resume, which goes on with the run's own settings",
          expected: `only ${resumable.map((one) => `--${one}`).join(", ")}`,
        }),
      );
    }
  }
  const { config } = await openRun(out);
  const settings = config.settings as TrainSettings | undefined;
  if (typeof settings !== "object" || settings === null) {
    throw new UsageError(
      cannot("resume", "run", out, {
        found: "a config.json without settings",
        expected: "a run that this program started",
      }),
    );
  }
  return {
    ...settings,
    out,
    resume: true,
    epochs: flags.number("epochs") ?? settings.epochs,
    saveEvery: flags.number("save-every") ?? settings.saveEvery,
    workers: flags.given("workers")
      ? flags.number("workers")!
      : settings.workers,
    device: flags.given("device") ? flags.text("device")! : settings.device,
  };
}

function absolute(path: string | undefined): string | null {
  return path === undefined ? null : resolve(path);
}

/** A folder name that sorts by time, as in `2026-11-24-0930-15`. */
function timeName(now: Date): string {
  const [date, time] = now.toISOString().split("T") as [string, string];
  return `${date}-${time.slice(0, 5).replace(":", "")}-${time.slice(6, 8)}`;
}
