/**
 * A network of a bioimage.io package from another program, run by ONNX
 * Runtime.
 *
 * @module
 */
import {
  fitSteps,
  interleaved,
  type OpenPackage,
  openPackage,
  type PackageDescription,
  parseDescription,
  planar,
  readReference,
  sha256,
  tensorOf,
} from "@unet/bioimageio";
import type { ImageReader } from "@unet/data";
import {
  brief,
  cannot,
  count,
  DeviceError,
  FileError,
  ModelError,
} from "@unet/errors";
import type { WindowOptions } from "@unet/infer";
import type { FittedInput, Predict } from "@unet/infer/predict";
import { objectHead } from "@unet/infer/predict";
import { type Meaning, meaningOf } from "./output_meaning.ts";
import { windowOfPackage } from "./window_of_package.ts";

/** A network that is open. */
export interface ForeignNetwork extends AsyncDisposable {
  /** Predicts. */
  readonly predict: Predict;
  /** How images are cut for it. */
  readonly window: WindowOptions;
  /** Names weights and description, for manifests. */
  readonly hash: string;
}

/** Bytes of weights that are read. */
const mostWeights = 2 ** 30;

/** Values of an image whose normalization needs the whole of it. */
const mostValues = 2 ** 28;

/**
 * Opens the network of a package, unless this program wrote it.
 *
 * @param path What a person named as a model.
 * @param meaning What each channel of the output is, where a person says so.
 * @returns The network; nothing where it is no package, or one of ours.
 * @throws {FileError} If the package is damaged.
 * @throws {ModelError} If it is a model that this program cannot run.
 * @throws {UsageError} If it is not known what its output means.
 * @throws {DeviceError} If ONNX Runtime cannot be loaded.
 */
export async function openForeignNetwork(
  path: string,
  meaning?: readonly string[],
): Promise<ForeignNetwork | undefined> {
  using opened = await openPackage(path);
  if (opened === undefined) return undefined;
  const description = parseDescription(opened.description, path);
  if (description.own) return undefined;
  const meanings = meaningOf(description, meaning);
  const window = windowOfPackage(description, path);
  const weights = await readReference(
    ...[opened, description.weights, mostWeights] as const,
  );
  const run = await openSession(weights, path);
  const predict: Predict = (x, shape) =>
    predictWindows(x, shape, { run, description, meanings, opened });
  const heads = (["object", "border"] as const)
    .filter((name) => meanings.includes(name))
    .map((name) => ({ ...objectHead, name }));
  const names = new TextEncoder().encode(opened.description);
  return {
    window,
    hash: await sha256(
      new TextEncoder().encode(
        await sha256(weights) + await sha256(names) + meanings.join(),
      ),
    ),
    predict: Object.assign(predict, {
      heads,
      fit: (image: ImageReader) => fitImage(image, description),
    }),
    [Symbol.asyncDispose]: () => run.close(),
  };
}

/** A session of ONNX Runtime: planes in, planes out. */
interface Session {
  run(
    data: Float32Array,
    shape: readonly number[],
  ): Promise<{ data: unknown; dims: readonly number[] }>;
  close(): Promise<void>;
}

async function openSession(
  weights: Uint8Array,
  path: string,
): Promise<Session> {
  const onnx = await loadRuntime();
  const bad = (found: string, expected: string, cause?: unknown) =>
    new ModelError(
      cannot("open", "weights of package", path, { found, expected }),
      { cause },
    );
  const create = async () => {
    try {
      return await onnx.InferenceSession.create(weights);
    } catch (cause) {
      throw bad(
        `weights that ONNX Runtime refuses (${
          brief(String(cause).split("\n")[0])
        })`,
        "a network as ONNX",
        cause,
      );
    }
  };
  const session = await create();
  const { inputNames: [input], outputNames: [output] } = session;
  if (session.inputNames.length !== 1 || session.outputNames.length !== 1) {
    await session.release();
    throw bad(
      `${session.inputNames.length} inputs and ` +
        count(session.outputNames.length, "output"),
      "one each",
    );
  }
  return {
    async run(data, shape) {
      try {
        const tensor = new onnx.Tensor("float32", data, [...shape]);
        const found = (await session.run({ [input!]: tensor }))[output!]!;
        return { data: found.data, dims: found.dims };
      } catch (cause) {
        throw bad(
          `an error of ONNX Runtime (${brief(String(cause).split("\n")[0])})`,
          `an answer to [${shape}]`,
          cause,
        );
      }
    },
    close: () => session.release(),
  };
}

async function loadRuntime() {
  try {
    return await import("onnxruntime-node");
  } catch (cause) {
    throw new DeviceError(
      cannot("load", "library", "onnxruntime-node", {
        found: brief(String(cause).split("\n")[0]),
        expected: "ONNX Runtime, which runs networks of other programs",
      }),
      { cause },
    );
  }
}

/** Fits a package's preprocessing to a whole image. */
async function fitImage(
  image: ImageReader,
  { input: { channels, steps } }: PackageDescription,
): Promise<FittedInput> {
  const { path, width, height } = image;
  const bad = (found: string, expected: string) =>
    new FileError(cannot("segment", "image", path, { found, expected }));
  if (width * height * channels > mostValues) {
    throw bad(
      `${width}×${height} pixels`,
      `at most ${mostValues} values: the package normalizes by the whole image`,
    );
  }
  const whole = tensorOf(await image.read(0, 0, width, height), channels);
  if (whole === undefined) {
    throw bad(
      count(image.channels, "channel"),
      `${channels}; choose with \`channel\` or \`channels\``,
    );
  }
  const { apply } = fitSteps(steps, whole);
  return {
    channels,
    values: (window) => interleaved(apply(tensorOf(window, channels)!)),
  };
}

/** Runs windows one by one, since many networks take one. */
async function predictWindows(
  x: Float32Array,
  [count, height, width]: Parameters<Predict>[1],
  { run, description, meanings, opened: { path } }: {
    readonly run: Session;
    readonly description: PackageDescription;
    readonly meanings: readonly Meaning[];
    readonly opened: Pick<OpenPackage, "path">;
  },
): Promise<Float32Array> {
  const { input: { channels }, output: { margin, steps } } = description;
  const size = height * width,
    inner = { width: width - 2 * margin, height: height - 2 * margin };
  const places = (["object", "border"] as const)
    .map((name) => meanings.indexOf(name)).filter((at) => at >= 0);
  const values = new Float32Array(count * size * places.length);
  for (let at = 0; at < count; at++) {
    const window = x.subarray(at * size * channels, (at + 1) * size * channels);
    const { data } = planar(window, { channels, height, width });
    const found = await run.run(data, [1, channels, height, width]);
    const expected = [1, meanings.length, inner.height, inner.width];
    if (
      `${found.dims}` !== `${expected}` || !(found.data instanceof Float32Array)
    ) {
      throw new ModelError(
        cannot("use", "package", path, {
          found: `an output of shape [${found.dims}]`,
          expected: `float32 of [${expected}], as in its description`,
        }),
      );
    }
    const { result } = fitSteps(steps, {
      ...{ ...inner, channels: meanings.length, data: found.data },
    });
    const plane = inner.width * inner.height;
    places.forEach((channel, place) => {
      for (let pixel = 0; pixel < plane; pixel++) {
        const y = Math.floor(pixel / inner.width) + margin;
        const to = y * width + pixel % inner.width + margin;
        values[(at * size + to) * places.length + place] = result
          .data[channel * plane + pixel]!;
      }
    });
  }
  return values;
}
