import { cannot } from "@unet/errors";
import type { Action } from "./_operation.ts";
import { JournalError, type Refusal } from "./journal_error.ts";

/** What cannot be done, and to what, for a message. */
const verbs: Readonly<Record<Action["kind"], string>> = {
  createStudy: "create",
  deleteStudy: "delete",
  setStudyUserAttribute: "note an attribute of",
  setStudySystemAttribute: "note an attribute of",
  createTrial: "create a trial of",
  setTrialParam: "set a parameter of",
  setTrialState: "set the state of",
  setIntermediateValue: "report a value of",
  setTrialUserAttribute: "note an attribute of",
  setTrialSystemAttribute: "note an attribute of",
  discardTrials: "discard",
};

const found: Readonly<Record<Refusal, string>> = {
  duplicate: "a study of that name",
  absent: "none of that number",
  finished: "that it has ended",
  running: "that it runs already",
  incompatible: "another kind, scale or list of choices in earlier trials",
};

/** Words why a line would have no effect. */
export function refusalOf(action: Action, refused: Refusal): JournalError {
  const verb = verbs[action.kind];
  if (action.kind === "createStudy") {
    return refusal(verb, "study", action.name, refused);
  }
  return "trial" in action
    ? refusal(verb, "trial", action.trial, refused)
    : refusal(verb, "study", "study" in action ? action.study : "", refused);
}

/** The fault of wanting something without effect. */
export function refusal(
  verb: string,
  thing: string,
  name: string | number,
  reason: Refusal,
): JournalError {
  return new JournalError(
    cannot(verb, thing, String(name), { found: found[reason] }),
    reason,
  );
}
