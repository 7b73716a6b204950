import { type HeadTarget, targetOf } from "../targets/target.ts";
import { checkOption as check } from "./check_option.ts";

/** Refuses a module that is named by no URL. */
export function checkModule(
  thing: string,
  wanted: { readonly module: string } | undefined,
): void {
  if (wanted && !URL.canParse(wanted.module)) {
    throw new TypeError(
      `Cannot load ${thing} "${wanted.module}": found no URL, expected one as import.meta.resolve() gives it`,
    );
  }
}

/** Refuses what could only fail in a worker, when the first batch is due. */
export function checkTargets(targets: readonly HeadTarget[] = []): void {
  targets.forEach(({ head, target, channels = 1 }, at) => {
    if (typeof target === "string") targetOf(target);
    else checkModule("target", target);
    check(
      Number.isSafeInteger(channels) && channels >= 1,
      "channels",
      channels,
      "a positive integer",
    );
    if (targets.findIndex((other) => other.head === head) !== at) {
      throw new RangeError(
        `Cannot load batches: found two targets of head "${head}", expected one`,
      );
    }
  });
}
