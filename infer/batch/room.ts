/** How much memory items may take that are under way at once. */
export interface Room<Item, Input> {
  /** Bytes of all of them, above which one is read ahead and one written. */
  readonly most: number;
  /** How much an item takes, as far as that is known before it is read. */
  readonly expected: (item: Item) => number;
  /** How much an item takes that is read. */
  readonly taken: (input: Input) => number;
}
