import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Rows of one height, of which only the visible ones exist. */
export interface Rows {
  /** How many there are. */
  readonly count: number;
  /** The height of each, in pixels. */
  readonly height: number;
  /** The place of the row that is scrolled into sight; negative for none. */
  readonly chosen: number;
  /** Rows beyond the visible ones, so that scrolling shows no gaps. */
  readonly spare: number;
  /** Pixels at the top that a header covers; none by default. */
  readonly covered?: number;
}

/** Which rows are drawn, and in what. */
export interface VisibleRows {
  /** The element that scrolls. */
  readonly box: RefObject<HTMLDivElement | null>;
  /** Called when it scrolls. */
  readonly look: () => void;
  /** The first row. */
  readonly first: number;
  /** The one after the last. */
  readonly end: number;
  /** The height of what is visible, in pixels. */
  readonly visible: number;
}

/** Follows which rows of a long list are visible. */
export function useVisibleRows(
  { count, height, chosen, spare, covered = 0 }: Rows,
): VisibleRows {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  const look = () => {
    // The element may be gone by now.
    if (!box.current) return;
    const { scrollTop, clientHeight } = box.current;
    setView({ top: scrollTop, height: clientHeight });
  };
  useLayoutEffect(look, []);
  useEffect(() => {
    const observer = new ResizeObserver(look);
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (chosen < 0 || !box.current) return;
    const { scrollTop, clientHeight } = box.current;
    const top = chosen * height, bottom = top + height + covered;
    if (top < scrollTop) box.current.scrollTop = top;
    else if (bottom > scrollTop + clientHeight) {
      box.current.scrollTop = bottom - clientHeight;
    }
  }, [chosen, height]);
  return {
    ...{ box, look, visible: view.height },
    first: Math.max(0, Math.floor(view.top / height) - spare),
    end: Math.min(
      count,
      Math.ceil((view.top + view.height) / height) + spare,
    ),
  };
}
