import type OpenSeadragon from "openseadragon";

/** What lies above one another in the viewer, from the bottom. */
const order = ["surroundings", "image", "heat", "mask"] as const;

/** One of the layers. */
export type LayerName = typeof order[number];

/** How a layer is shown. */
export interface LayerOptions {
  /** Where it lies, if not on the whole image, whose width is 1. */
  readonly place?: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
  };
  /** Called when it has taken its place. */
  readonly onShown?: () => void;
}

/** The layers of a viewer; one takes the other's place when it is ready. */
export class LayerStack {
  readonly #viewer: OpenSeadragon.Viewer;
  readonly #items = new Map<LayerName, OpenSeadragon.TiledImage>();
  readonly #wanted = new Map<LayerName, OpenSeadragon.TileSource | null>();

  /** @param viewer The viewer, without any picture yet. */
  constructor(viewer: OpenSeadragon.Viewer) {
    this.#viewer = viewer;
  }

  /** The picture of a layer, if it is there. */
  item(name: LayerName): OpenSeadragon.TiledImage | undefined {
    return this.#items.get(name);
  }

  /**
   * Shows something in a layer.
   *
   * @param name The layer.
   * @param source The tiles; null leaves the layer empty.
   * @param options Where it lies, and who hears that it is there.
   */
  set(
    name: LayerName,
    source: OpenSeadragon.TileSource | null,
    { place, onShown = () => {} }: LayerOptions = {},
  ): void {
    this.#wanted.set(name, source);
    if (source === null) {
      this.#remove(name);
      return;
    }
    this.#viewer.addTiledImage({
      tileSource: source,
      ...place,
      success: (event) => {
        const { item } = event as unknown as {
          item: OpenSeadragon.TiledImage;
        };
        const { world } = this.#viewer;
        // Another one was asked for in the meantime.
        if (this.#wanted.get(name) !== source) return world.removeItem(item);
        this.#remove(name);
        this.#items.set(name, item);
        const below = order.slice(0, order.indexOf(name))
          .filter((each) => this.#items.has(each));
        world.setItemIndex(item, below.length);
        onShown();
      },
    });
  }

  #remove(name: LayerName): void {
    const item = this.#items.get(name);
    if (!item) return;
    this.#items.delete(name);
    this.#viewer.world.removeItem(item);
  }
}
