/**
 * Times `transform()` beside Albumentations 2 on the same images, one core
 * each, in one run:
 *
 *   UNET_PEER_PYTHON=/path/to/python deno task bench augment [--tiles 200] [--json]
 *
 * Without UNET_PEER_PYTHON it times ours alone and says so.
 */
// deno-lint-ignore-file no-console
import { fromFileUrl } from "@std/path";
import {
  alwaysOptionsOf,
  augmentations,
  transform,
  type TransformOptions,
} from "@unet/augment";
import type { Sample } from "@unet/data";
import { createRandom } from "@unet/random";
import { cpus } from "node:os";
import { readFlags } from "./read_flags.ts";
import { runProcess } from "./run_process.ts";

const size = 256;
const rounds = 3;
const warmUp = 200;
const never = { probability: 0 };

/** What is timed, by name. */
const cases: Record<string, TransformOptions> = {
  five: {},
  elastic: {
    horizontalFlip: never,
    verticalFlip: never,
    rotation: never,
    erasing: never,
    elastic: { probability: 1 },
  },
};
/** The changes of values, and pasting, each alone and always. */
const changes = augmentations.filter((name) =>
  !["flips", "quarter-turns", "rotation", "scaling", "elastic", "erasing"]
    .includes(name)
);
for (const name of changes) cases[name] = alwaysOptionsOf(name);

const titles: Record<string, string> = {
  five: "all five, each at probability 0.5",
  elastic: "elastic deformation alone",
  ...Object.fromEntries(changes.map((name) => [name, `${name} alone`])),
};

/** Milliseconds a tile: one number a round. */
type Timing = number[];

interface PeerReport {
  versions: Record<string, string>;
  cases: Record<string, Record<string, Timing>>;
}

/** Bright disks on noise, each disk an instance. */
function drawSample(seed: number): Sample {
  const random = createRandom(seed);
  const pixels = Uint8Array.from(
    { length: size * size * 3 },
    () => random.integer(10, 60),
  );
  const labels = new Uint32Array(size * size);
  for (let instance = 1; instance <= 30; instance++) {
    const centerX = random.uniform(0, size), centerY = random.uniform(0, size);
    const radius = random.uniform(6, 14);
    for (let pixel = 0; pixel < labels.length; pixel++) {
      const x = pixel % size - centerX, y = Math.floor(pixel / size) - centerY;
      if (x * x + y * y > radius * radius) continue;
      labels[pixel] = instance;
      for (let i = 3 * pixel; i < 3 * pixel + 3; i++) {
        pixels[i] = pixels[i]! + 150;
      }
    }
  }
  return {
    id: `${seed}`,
    image: { width: size, height: size, channels: 3, depth: 8, data: pixels },
    labels: { width: size, height: size, data: labels },
  };
}

function timeOurs(
  samples: Sample[],
  options: TransformOptions,
  tiles: number,
): Timing {
  const run = (count: number) => {
    for (let tile = 0; tile < count; tile++) {
      const { image, labels } = samples[tile % samples.length]!;
      transform(image, labels, createRandom(0, tile), options);
    }
  };
  run(warmUp);
  return Array.from({ length: rounds }, () => {
    const start = performance.now();
    run(tiles);
    return (performance.now() - start) / tiles;
  });
}

async function timePeer(
  python: string,
  samples: Sample[],
  tiles: number,
): Promise<PeerReport> {
  const script = fromFileUrl(new URL("./augment_peer.py", import.meta.url));
  const counts = [tiles, rounds, samples.length].map(String);
  return await runProcess("albumentations", [python, script, ...counts], 1, [
    ...samples.map(({ image }) => image.data as Uint8Array),
    ...samples.map(({ labels }) => new Uint8Array(labels.data.buffer)),
  ]) as PeerReport;
}

function median(timing: Timing): number {
  return timing.toSorted((a, b) => a - b)[timing.length >> 1]!;
}

function row(name: string, timing: Timing, ours?: Timing): string {
  const cells = [Math.min(...timing), median(timing)]
    .map((value) => value.toFixed(2).padStart(9));
  const ratio = ours ? `${(median(timing) / median(ours)).toFixed(1)} ×` : "";
  return `  ${name.padEnd(34)}${cells.join("")}${ratio.padStart(10)}`;
}

/**
 * Runs the benchmark and prints what it found.
 *
 * @param args The command line, after the benchmark's name.
 * @throws {UsageError} If a flag or its value is not allowed.
 */
export async function benchAugment(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { switches: ["json"], values: ["tiles"] });
  const tiles = flags.count("tiles", 200);
  const samples = Array.from({ length: 16 }, (_, seed) => drawSample(seed));
  const ours = Object.fromEntries(
    Object.entries(cases).map((
      [name, options],
    ) => [name, timeOurs(samples, options, tiles)]),
  );
  const python = Deno.env.get("UNET_PEER_PYTHON");
  const peer = python ? await timePeer(python, samples, tiles) : null;
  const report = {
    date: new Date().toISOString(),
    machine: { cpu: cpus()[0]?.model, cores: cpus().length, os: Deno.build.os },
    versions: {
      deno: Deno.version.deno,
      v8: Deno.version.v8,
      ...peer?.versions,
    },
    tiles,
    tile: `${size}×${size}×3 uint8 with labels`,
    millisecondsPerTile: { ours, peer: peer?.cases ?? null },
  };
  if (flags.on("json")) {
    console.log(JSON.stringify(report, null, 2));
  } else {
    const { machine, versions } = report;
    console.log(
      `${report.date}, ${machine.cpu}, one of ${machine.cores} cores`,
    );
    console.log(
      Object.entries(versions).map((pair) => pair.join(" ")).join(", "),
    );
    console.log(`${report.tile}, ${rounds} rounds of ${tiles} tiles\n`);
    console.log(`  ${"ms per tile".padEnd(34)}     best   median   to ours`);
    for (const [name, timing] of Object.entries(ours)) {
      console.log(titles[name]);
      console.log(row("@unet/augment", timing));
      for (const [variant, theirs] of Object.entries(peer?.cases[name] ?? {})) {
        console.log(row(`Albumentations, ${variant}`, theirs, timing));
      }
    }
    if (!peer) {
      console.log(
        "\nOurs alone: set UNET_PEER_PYTHON to a Python that has albumentations 2 to time both.",
      );
    }
  }
}
