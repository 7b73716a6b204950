/**
 * What takes the place of the studio's `api.ts`: the page asks a thread of its
 * own, and no server.
 *
 * @module
 */
import type { ListedImage } from "../../folder/image_list.ts";
import type { Answer, Question, RoomEvent } from "../room/answer.ts";

/** What the room says of its images. */
export interface Folder {
  /** What the page calls them together. */
  readonly name: string;
  /** Empty: they are in no folder. */
  readonly path: string;
  /** The images. */
  readonly images: readonly ListedImage[];
}

/** Values of an address; what is undefined is left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

let room: Worker;
let questions = 0;
const asked = new Map<number, PromiseWithResolvers<unknown>>();

/**
 * Connects the page with the thread that answers it.
 *
 * @param thread The thread.
 * @param hear Hears of what happens there.
 */
export function connect(
  thread: Worker,
  hear: (event: RoomEvent) => void,
): void {
  room = thread;
  room.onmessage = ({ data }: MessageEvent<Answer | RoomEvent>) => {
    if ("event" in data) return hear(data);
    const waiting = asked.get(data.id);
    asked.delete(data.id);
    if ("fault" in data) waiting?.reject(new Error(data.fault));
    else waiting?.resolve(data.value);
  };
  room.onerror = ({ message }) =>
    hear({ event: "fault", data: `The page has a defect: ${message}` });
}

/** The address of something, with its values. */
export function addressOf(path: string, query: Query = {}): string {
  const given = Object.entries(query)
    .filter((entry) => entry[1] !== undefined)
    .map(([name, value]): [string, string] => [name, String(value)]);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

/**
 * Asks the room for plain data or a file.
 *
 * @throws {Error} With the room's message, if it refuses.
 */
export function askRoom<Value>(
  path: string,
  query: Query = {},
  body: unknown = null,
): Promise<Value> {
  const [plain = "", search] = addressOf(path, query).split("?", 2);
  const id = ++questions;
  const waiting = Promise.withResolvers<unknown>();
  asked.set(id, waiting);
  const values = Object.fromEntries(new URLSearchParams(search));
  const question: Question = { id, path: plain, query: values, body };
  room.postMessage(question);
  return waiting.promise as Promise<Value>;
}

/** Labels of a tile. */
interface LabelTile {
  readonly width: number;
  readonly height: number;
  readonly data: Uint32Array<ArrayBuffer>;
}

/**
 * Asks as a server is asked.
 *
 * @throws {Error} With the room's message, if it refuses.
 */
export async function ask(
  path: string,
  query: Query = {},
  { signal }: RequestInit = {},
): Promise<Response> {
  const value = await askRoom<Blob | Uint8Array<ArrayBuffer> | LabelTile>(
    path,
    query,
  );
  signal?.throwIfAborted();
  if (value instanceof Blob || value instanceof Uint8Array) {
    return new Response(value);
  }
  const { width, height, data } = value;
  return new Response(data, { headers: { "X-Size": `${width} ${height}` } });
}

/** Asks for plain data. */
export async function askJson<Value>(
  path: string,
  query: Query = {},
): Promise<Value> {
  return await askRoom(path, query);
}

/** Sends plain data, and takes it for an answer. */
export async function send<Value>(path: string, body: unknown): Promise<Value> {
  return await askRoom(path, {}, body);
}
