import { FileWriter } from "@unet/files";

/** A text file that is written piece by piece and appears atomically. */
export class TextFile implements AsyncDisposable {
  readonly #file: FileWriter;
  readonly #encoder = new TextEncoder();

  private constructor(file: FileWriter) {
    this.#file = file;
  }

  /** @throws {FileError} If no file can be made there. */
  static async open(path: string, thing: string): Promise<TextFile> {
    return new TextFile(await FileWriter.open(path, thing));
  }

  /** @throws {FileError} If the system refuses. */
  async write(text: string): Promise<void> {
    await this.#file.write(this.#encoder.encode(text));
  }

  /** @throws {FileError} If the system refuses. */
  async finish(): Promise<void> {
    await this.#file.finish();
  }

  async abort(): Promise<void> {
    await this.#file.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }
}
