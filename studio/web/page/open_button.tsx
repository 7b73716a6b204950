import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { orShowFault } from "../../page/parts.ts";
import { takeFiles } from "./take_files.ts";

/** Opens files that a person chooses. */
export function OpenButton(
  { isPrimary = false }: { readonly isPrimary?: boolean },
): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        class={isPrimary ? "primary" : ""}
        onClick={() => input.current!.click()}
      >
        Open files …
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files"
        onChange={({ currentTarget }) => {
          const files = [...currentTarget.files!];
          // The same file may be chosen once more.
          currentTarget.value = "";
          orShowFault(takeFiles(files));
        }}
      />
    </>
  );
}
