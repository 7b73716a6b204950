import { cannot, FileError } from "@unet/errors";
import { memoryLimit, parseJson } from "@unet/files";
import { startPython } from "@unet/native";
import { sizeInWords } from "../images/decode_budget.ts";
import { findOpenslide, openslideRemedy } from "./find_openslide.ts";
import { slideProgram } from "./slide_program.ts";

/** Milliseconds after which a call is given up: no block takes so long. */
const patience = 60_000;

/** Which part of the memory a slide's process may take, and at most. */
const memoryShare = 1 / 4, mostMemory = 2 ** 31;

/** The process needs so much to start. */
const leastMemory = 2 ** 29;

/** What the process answers. */
export type SlideAnswer = Readonly<Record<string, unknown>>;

/**
 * OpenSlide in a process of its own, for one slide. Native code that reads a
 * damaged file may crash, wait for ever or take all memory; what ends then is
 * that process, and the slide is refused.
 */
export class SlideProcess implements AsyncDisposable {
  #version = "";

  readonly #path: string;
  readonly #limit: number;
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  #rest = new Uint8Array(0);
  #last: Promise<unknown> = Promise.resolve();
  #isOver = false;

  private constructor(path: string, limit: number, child: Deno.ChildProcess) {
    this.#path = path;
    this.#limit = limit;
    this.#child = child;
    this.#writer = child.stdin.getWriter();
    this.#reader = child.stdout.getReader();
    // A slide that nobody closes does not keep the program from ending.
    child.unref();
  }

  /**
   * Starts a process.
   *
   * @param path The slide that it is for, for messages.
   * @param what The kind of slide, as in "a Hamamatsu NDPI slide".
   * @throws {FileError} If OpenSlide or Python is not there, or cannot be
   * loaded.
   */
  static async start(path: string, what: string): Promise<SlideProcess> {
    const found = await findOpenslide();
    if ("reason" in found) {
      throw new FileError(cannot("read", "image", path, {
        found: `${what}, which OpenSlide reads, and ${found.reason}`,
      }));
    }
    const limit = Math.max(
      leastMemory,
      Math.min(mostMemory, memoryLimit() * memoryShare),
    );
    const started = startPython(slideProgram, [
      found.path,
      String(Math.floor(limit)),
    ]);
    if ("reason" in started) {
      throw new FileError(cannot("read", "image", path, {
        found: `${what}, which OpenSlide reads in a Python process, and ` +
          started.reason,
      }));
    }
    const process = new SlideProcess(path, limit, started.child);
    try {
      const { version, fault } = await process.#inTime(() => process.#answer());
      const text = String(version ?? fault ?? "no version");
      if (text.startsWith("4.")) {
        process.#version = text;
        return process;
      }
      throw new FileError(cannot("load", "OpenSlide", found.path, {
        found: fault === undefined ? `version ${text}` : text,
        expected: "version 4",
        remedy: openslideRemedy,
      }));
    } catch (error) {
      await process.#end();
      throw error;
    }
  }

  /** OpenSlide's version, as in "4.0.1". */
  get version(): string {
    return this.#version;
  }

  /**
   * Asks for something, after what was asked before.
   *
   * @param question What is asked, as JSON.
   * @param bytes How many bytes follow the answer, unless it is an error.
   * @throws {FileError} If the process ends or does not answer.
   */
  ask(
    question: unknown,
    bytes = 0,
  ): Promise<
    { readonly answer: SlideAnswer; readonly data: Uint8Array<ArrayBuffer> }
  > {
    const asked = this.#last.then(() =>
      this.#inTime(async () => {
        const line = `${JSON.stringify(question)}\n`;
        await this.#writer.write(new TextEncoder().encode(line));
        const answer = await this.#answer();
        const count = answer.error === undefined ? bytes : 0;
        return { answer, data: await this.#take(count) };
      })
    );
    // Who asks next asks whatever became of this.
    this.#last = asked.catch(() => {});
    return asked;
  }

  /** Ends the process once it has answered; again does nothing. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.#end();
  }

  /** Does what the process takes part in; ends it where that fails. */
  async #inTime<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isOver) throw this.#gone("is closed");
    const slow = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => slow.reject(this.#gone(`gives no answer in ${patience / 1000} s`)),
      patience,
    );
    const running = work();
    try {
      return await Promise.race([running, slow.promise]);
    } catch (error) {
      await this.#end();
      // It ends with the process.
      await running.catch(() => {});
      if (error instanceof FileError) throw error;
      throw this.#crashed(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async #answer(): Promise<SlideAnswer> {
    let end = this.#rest.indexOf(10);
    while (end < 0) {
      await this.#more();
      end = this.#rest.indexOf(10);
    }
    const line = new TextDecoder().decode(await this.#take(end + 1));
    return parseJson(line) as SlideAnswer;
  }

  async #take(count: number): Promise<Uint8Array<ArrayBuffer>> {
    const data = new Uint8Array(count);
    let done = 0;
    for (;;) {
      const part = this.#rest.subarray(0, count - done);
      data.set(part, done);
      done += part.length;
      this.#rest = this.#rest.subarray(part.length);
      if (done === count) return data;
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#reader.read();
    if (done) throw this.#crashed();
    if (this.#rest.length === 0) {
      this.#rest = value;
      return;
    }
    const joined = new Uint8Array(this.#rest.length + value.length);
    joined.set(this.#rest);
    joined.set(value, this.#rest.length);
    this.#rest = joined;
  }

  async #end(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      this.#child.kill("SIGKILL");
    } catch (cause) {
      // It has ended already.
      if (
        !(cause instanceof TypeError || cause instanceof Deno.errors.NotFound)
      ) throw cause;
    }
    this.#child.ref();
    await this.#child.status;
    await Promise.allSettled([this.#reader.cancel(), this.#writer.abort()]);
  }

  #crashed(cause?: unknown): FileError {
    const most = sizeInWords(this.#limit);
    return this.#gone(`crashes, or needs more than ${most} of memory`, cause);
  }

  #gone(what: string, cause?: unknown): FileError {
    return new FileError(
      cannot("read", "image", this.#path, {
        found: `a slide on which OpenSlide ${what}`,
        expected: "a complete slide",
        remedy: "get the file again, with all files that belong to it",
      }),
      { cause },
    );
  }
}
