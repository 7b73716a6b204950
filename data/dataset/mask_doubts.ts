import type { MaskFinding } from "../masks/mask_finding.ts";
import type { Case } from "./case.ts";
import { findingFault } from "./case_faults.ts";
import type { DatasetFile } from "./dataset_file.ts";
import type { Fault } from "./fault.ts";

/** The doubts about masks of a case, the same ones of several masks as one. */
export class MaskDoubts {
  readonly #case: Case;
  readonly #found = new Map<
    string,
    { file: DatasetFile; finding: MaskFinding; others: number }
  >();

  constructor(each: Case) {
    this.#case = each;
  }

  add(file: DatasetFile, findings: readonly MaskFinding[]): void {
    for (const finding of findings) {
      const known = this.#found.get(finding.kind);
      if (known) known.others++;
      else this.#found.set(finding.kind, { file, finding, others: 0 });
    }
  }

  faults(): Fault[] {
    return [...this.#found.values()].map(({ file, ...rest }) =>
      findingFault(this.#case, file, rest)
    );
  }
}
