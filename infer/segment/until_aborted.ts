import { turnEventLoop } from "../windows/turn_event_loop.ts";

/**
 * Passes items on until a signal is aborted: work on each may hold the thread
 * for long.
 *
 * @param items The items.
 * @param signal What ends it; nothing if not given.
 * @returns The items.
 * @throws The signal's reason, when it is aborted.
 */
export async function* untilAborted<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item, void, void> {
  for await (const item of items) {
    yield item;
    if (!signal) continue;
    await turnEventLoop();
    signal.throwIfAborted();
  }
}
