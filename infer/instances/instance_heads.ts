/** The heads that instances are made of, of one channel with a sigmoid each. */
export interface InstanceHeads {
  /** The head that finds objects; "object" by default. */
  readonly object?: string;
  /**
   * The head that finds their borders; "border" by default. A network without
   * it splits touching objects by their shape alone.
   */
  readonly borders?: string;
}
