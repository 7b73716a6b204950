import type { OutputImage, Part, Parts, PartWriter } from "./format.ts";
import type { FormatTable } from "./formats.ts";

/** The paths of outputs, by what they are. */
export type OutputPaths = Readonly<Record<string, string>>;

/** Whether any of some outputs is made of a part. */
export function isMadeOf(
  part: Part,
  paths: OutputPaths,
  formats: FormatTable,
): boolean {
  return Object.keys(paths)
    .some((format) => formats[format]?.takes === part);
}

/** One output, and the part that it takes. */
interface Opened<Of extends Part = Part> {
  readonly takes: Of;
  readonly writer: PartWriter<Parts[Of]>;
}

/**
 * The outputs of one image that are being written. Without `finish()`, nothing
 * of them stays.
 */
export class PartWriters implements AsyncDisposable {
  readonly #opened: Opened[] = [];

  private constructor() {}

  /**
   * Begins the files.
   *
   * @param paths The outputs to write, and where.
   * @param image The image that they are made of.
   * @param formats How each is made.
   * @throws {FileError} If a file cannot be made.
   */
  static async open(
    paths: OutputPaths,
    image: OutputImage,
    formats: FormatTable,
  ): Promise<PartWriters> {
    await using stack = new AsyncDisposableStack();
    const writers = stack.use(new PartWriters());
    for (const [name, format] of Object.entries(formats)) {
      const path = paths[name];
      if (path === undefined) continue;
      const writer = await format.open(path, image) as PartWriter<Parts[Part]>;
      writers.#opened.push({ takes: format.takes, writer });
    }
    stack.move();
    return writers;
  }

  /** Whether an output is made of a part. */
  takes(part: Part): boolean {
    return this.#opened.some(({ takes }) => takes === part);
  }

  /**
   * Gives the next piece of a part to the outputs that are made of it.
   *
   * @throws {FileError} If a file cannot be written.
   */
  async write<Of extends Part>(part: Of, piece: Parts[Of]): Promise<void> {
    for (const { takes, writer } of this.#opened) {
      if (takes === part) await writer.write(piece);
    }
  }

  /**
   * Completes the files and gives them their names, the mask last.
   *
   * @throws {FileError} If one cannot be written.
   */
  async finish(): Promise<void> {
    for (const { writer } of this.#opened.toReversed()) await writer.finish();
  }

  /** Removes what is not finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { writer } of this.#opened) await writer[Symbol.asyncDispose]();
  }
}
