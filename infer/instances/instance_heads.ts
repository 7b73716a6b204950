/** The heads that instances are made of. */
export interface InstanceHeads {
  /** The head of one channel that finds objects; "object" by default. */
  readonly object?: string;
  /**
   * The head of one channel that finds their borders; "border" by default. A network without
   * it splits touching objects by their shape alone.
   */
  readonly borders?: string;
  /**
   * The head of classes that gives each instance its class: the most probable
   * over its pixels, the first channel, which is the background, left out. No
   * classes by default.
   */
  readonly classes?: { readonly name: string; readonly channels: number };
}
