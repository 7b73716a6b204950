import type { Flag } from "./flags.ts";

/** The flag that names a trained network. */
export const modelFlag: Flag = {
  name: "model",
  kind: "text",
  value: "RUN|FILE|NAME",
  help: "a run folder, whose best model is taken, a model file, or the name " +
    "of a published model, as in nuclei",
};
