import { readFlags, wrong } from "./read_flags.ts";

/** What is segmented: many small images, a large one, or one small one. */
export const workNames = ["plate", "large", "start"] as const;

/** The name of such a work. */
export type WorkName = typeof workNames[number];

/** What `deno task bench segment` was asked to do. */
export interface SegmentSettings {
  /** What to segment. */
  readonly works: readonly WorkName[];
  /** Images of the plate. */
  readonly images: number;
  /** Height and width of the plate's images and of the small one, in pixels. */
  readonly size: number;
  /** The large image's width and height, in pixels. */
  readonly large: { readonly width: number; readonly height: number };
  /** A trained model, as `unet segment --model` takes it. */
  readonly model: string;
  /** The device; what the program chooses if null. */
  readonly device: string | null;
  /** The precision; the program's default if null. */
  readonly precision: string | null;
  /** Times that everything is run, one round after the other. */
  readonly rounds: number;
  /** Threads that compute. */
  readonly threads: number;
  /** Whether OpenVINO segments the plate too, and whether that was asked for. */
  readonly peer: "openvino" | "none" | null;
  /** Whether to print JSON. */
  readonly json: boolean;
  /** The file for results, if any. */
  readonly out: string | null;
}

/**
 * Reads the command line of `deno task bench segment`.
 *
 * @param args The arguments.
 * @param cores The threads to use if none are named.
 * @throws {UsageError} If a flag or its value is not allowed.
 */
export function readSegmentSettings(
  args: readonly string[],
  cores: number,
): SegmentSettings {
  const flags = readFlags(args, {
    switches: ["json"],
    values: [
      ...["works", "images", "size", "large", "model", "device", "precision"],
      ...["rounds", "threads", "peers", "out"],
    ],
  });
  const size = flags.count("size", 256);
  if (size < 32 || size % 32 !== 0) {
    throw wrong("size", String(size), "a multiple of 32");
  }
  return {
    works: readWorks(flags.text("works") ?? workNames.join(",")),
    images: flags.count("images", 200),
    size,
    large: readLarge(flags.text("large") ?? "4704x6240"),
    model: flags.text("model") ?? "nuclei",
    device: flags.text("device") ?? null,
    precision: flags.choice("precision", ["float32", "mixed", "int8"]) ?? null,
    rounds: flags.count("rounds", 3),
    threads: flags.count("threads", cores),
    peer: flags.choice("peers", ["openvino", "none"]) ?? null,
    json: flags.on("json"),
    out: flags.text("out") ?? null,
  };
}

function readWorks(text: string): WorkName[] {
  return text.split(",").map((name) => {
    const work = workNames.find((each) => each === name);
    if (work) return work;
    throw wrong("works", text, `of ${workNames.join(",")}`);
  });
}

function readLarge(text: string): SegmentSettings["large"] {
  const [, width = 0, height = 0] =
    /^(\d+)[x×](\d+)$/.exec(text)?.map(Number) ??
      [];
  const isSide = (side: number): boolean => side >= 32 && side <= 50_000;
  if (isSide(width) && isSide(height)) return { width, height };
  throw wrong("large", text, "WIDTHxHEIGHT, each from 32 to 50000 pixels");
}
