import type { Room } from "./room.ts";

/** How much memory the items take that are under way. */
export class Load<Item, Input> {
  readonly #room: Room<Item, Input> | undefined;
  readonly #sizes = new Map<Item, number>();
  #sum = 0;

  constructor(room: Room<Item, Input> | undefined) {
    this.#room = room;
  }

  /** Whether they take more than there is room for. */
  get isFull(): boolean {
    return this.#room !== undefined && this.#sum > this.#room.most;
  }

  /** Whether there is room for another item. */
  takes(item: Item): boolean {
    const room = this.#room;
    return room === undefined || this.#sum + room.expected(item) <= room.most;
  }

  /** An item is going to be read. */
  expect(item: Item): void {
    if (this.#room) this.#set(item, this.#room.expected(item));
  }

  /** An item is read. */
  set(item: Item, input: Input): void {
    if (this.#room) this.#set(item, this.#room.taken(input));
  }

  /** An item is written, or failed. */
  forget(item: Item): void {
    this.#set(item, 0);
    this.#sizes.delete(item);
  }

  #set(item: Item, size: number): void {
    this.#sum += size - (this.#sizes.get(item) ?? 0);
    this.#sizes.set(item, size);
  }
}
