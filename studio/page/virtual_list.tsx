import type { ComponentChildren, JSX } from "preact";
import { useVisibleRows } from "./visible_rows.ts";

/** What a list shows. */
export interface VirtualListProps<Item> {
  /** All items. */
  readonly items: readonly Item[];
  /** The height of each, in pixels. */
  readonly height: number;
  /** Names the list for screen readers. */
  readonly label: string;
  /** The place of the item that is chosen; it is scrolled into sight. */
  readonly chosen: number;
  /** What names an item. */
  readonly keyOf: (item: Item) => string;
  /** Draws an item. */
  readonly draw: (item: Item) => ComponentChildren;
  /** Called with the item that is clicked. */
  readonly onChoose: (item: Item) => void;
}

/** Rows beyond the visible ones, so that scrolling shows no gaps. */
const spare = 6;

/** A list of which only the visible rows exist, however long it is. */
export function VirtualList<Item>(
  { items, height, label, chosen, keyOf, draw, onChoose }: VirtualListProps<
    Item
  >,
): JSX.Element {
  const { box, look, first, end } = useVisibleRows({
    ...{ count: items.length, height, chosen, spare },
  });
  return (
    <div class="list" ref={box} onScroll={look}>
      <div
        role="listbox"
        aria-label={label}
        tabIndex={0}
        aria-activedescendant={chosen < 0 ? undefined : `item-${chosen}`}
        style={{ height: `${items.length * height}px` }}
      >
        {items.slice(first, end).map((item, at) => (
          <div
            key={keyOf(item)}
            id={`item-${first + at}`}
            class="row"
            role="option"
            aria-selected={first + at === chosen}
            aria-setsize={items.length}
            aria-posinset={first + at + 1}
            style={{
              top: `${(first + at) * height}px`,
              height: `${height}px`,
            }}
            onClick={() => onChoose(item)}
          >
            {draw(item)}
          </div>
        ))}
      </div>
    </div>
  );
}
