import { briefText, cannot, FileError } from "@unet/errors";
import { conversionRemedy } from "../images/unread_format.ts";
import type { SlideFormat } from "./slide_format.ts";
import type { SlideFacts } from "./slide_layout.ts";
import { type SlideAnswer, SlideProcess } from "./slide_process.ts";

/** More levels than that no scanner writes. */
const mostLevels = 64;

const mostPixelsASide = 2 ** 31 - 1;

/** A slide that OpenSlide has open, in a process of its own. */
export class OpenslideFile implements SlideFacts, AsyncDisposable {
  /** What messages call the file. */
  readonly path: string;
  readonly levels: SlideFacts["levels"];

  readonly #process: SlideProcess;
  readonly #properties: Readonly<Record<string, unknown>>;

  private constructor(
    path: string,
    process: SlideProcess,
    { levels, properties }: SlideAnswer,
  ) {
    this.path = path;
    this.#process = process;
    this.#properties = properties as Readonly<Record<string, unknown>>;
    this.levels = this.#levelsOf(levels as readonly (readonly number[])[]);
  }

  /**
   * Opens a slide.
   *
   * @param path What messages call it.
   * @param diskPath Where it lies.
   * @param format What it was recognized as.
   * @throws {FileError} If OpenSlide or Python is not there, or OpenSlide
   * cannot read the slide.
   */
  static async open(
    path: string,
    diskPath: string,
    { words, converter }: SlideFormat,
  ): Promise<OpenslideFile> {
    await using stack = new AsyncDisposableStack();
    const process = stack.use(await SlideProcess.start(path, words));
    const { answer } = await process.ask({ open: diskPath });
    if (answer.unknown === true) {
      throw new FileError(cannot("read", "image", path, {
        found: `${words} that OpenSlide ${process.version} does not know`,
        expected: "a slide of a supported format",
        ...(converter && { remedy: conversionRemedy(converter, path) }),
      }));
    }
    requireNoError(path, process, answer, converter);
    const slide = new OpenslideFile(path, process, answer);
    stack.move();
    return slide;
  }

  property(name: string): string | undefined {
    const value = Object.hasOwn(this.#properties, name)
      ? this.#properties[name]
      : undefined;
    return typeof value === "string" ? value : undefined;
  }

  /**
   * Reads a part of a level.
   *
   * @param x The first column, in pixels of full size.
   * @param y The first row, in pixels of full size.
   * @param part The level, and how many pixels of it.
   * @returns Alpha, red, green and blue, premultiplied, in 32 bits each.
   * @throws {FileError} If the file is damaged there.
   */
  async read(
    x: number,
    y: number,
    { level, width, height }: {
      readonly level: number;
      readonly width: number;
      readonly height: number;
    },
  ): Promise<Uint32Array> {
    const { answer, data } = await this.#process.ask(
      { read: [x, y, level, width, height] },
      4 * width * height,
    );
    requireNoError(this.path, this.#process, answer);
    return new Uint32Array(data.buffer);
  }

  /** Closes the slide; again does nothing. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }

  #levelsOf(levels: readonly (readonly number[])[]): SlideFacts["levels"] {
    if (levels.length < 1 || levels.length > mostLevels) {
      throw damaged(this.path, this.#process, `${levels.length} levels`);
    }
    return levels.map(([width = 0, height = 0, downsample = 0]) => {
      const isRight = [width, height].every((side) =>
        side >= 1 && side <= mostPixelsASide
      ) && downsample >= 1 && Number.isFinite(downsample);
      if (isRight) return { width, height, downsample };
      const what = `a level of ${width}×${height} pixels`;
      throw damaged(this.path, this.#process, what);
    });
  }
}

function requireNoError(
  path: string,
  process: SlideProcess,
  { error }: SlideAnswer,
  converter?: SlideFormat["converter"],
): void {
  if (typeof error !== "string") return;
  throw damaged(path, process, briefText(error, { most: 200 }), converter);
}

function damaged(
  path: string,
  { version }: SlideProcess,
  what: string,
  converter?: SlideFormat["converter"],
): FileError {
  return new FileError(cannot("read", "image", path, {
    found: `what OpenSlide ${version} refuses (${what})`,
    expected: "a complete slide of a supported format",
    remedy: "get the file again, with all files that belong to it" +
      (converter
        ? `; or, if it is no slide, ${conversionRemedy(converter, path)}`
        : ""),
  }));
}
