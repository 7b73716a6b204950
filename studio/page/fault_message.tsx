import type { JSX } from "preact";
import { fault } from "./store.ts";

/** What went wrong last, until a person closes it. */
export function FaultMessage(): JSX.Element | null {
  if (fault.value === null) return null;
  return (
    <div class="fault" role="alert">
      <span>{fault.value}</span>
      <button type="button" onClick={() => fault.value = null}>Close</button>
    </div>
  );
}
