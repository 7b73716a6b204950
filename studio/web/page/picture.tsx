/**
 * What takes the place of the studio's `picture.tsx`: a picture that a thread
 * makes.
 *
 * @module
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { askRoom, type Query } from "./api.ts";

/** A small picture; nothing until it is asked for. */
export function Picture(
  { path, query, side, isAsked }: {
    readonly path: string;
    readonly query: Query;
    readonly side: number;
    readonly isAsked: boolean;
  },
): JSX.Element {
  const [address, setAddress] = useState<string>();
  const key = JSON.stringify([path, query]);
  useEffect(() => {
    if (!isAsked) return;
    let made: string | undefined, isGone = false;
    askRoom<Blob>(path, query).then((picture) => {
      if (isGone) return;
      made = URL.createObjectURL(picture);
      setAddress(made);
    }, () => {
      // What is wrong with the file is said where it is opened.
    });
    return () => {
      isGone = true;
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [key, isAsked]);
  return <img src={address} alt="" width={side} height={side} />;
}
