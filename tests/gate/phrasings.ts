/** A phrasing that a native speaker would not use, and what to write instead. */
export interface Phrasing {
  /** What a line must not hold. */
  readonly pattern: RegExp;
  /** What to write. */
  readonly instead: string;
}

const counted = "nucleus|nuclei|mask|image|tile|step|epoch|batch|row|event|" +
  "line|channel|layer|object|pixel|file|class|second|minute|hour|call|core|" +
  "process|worker|trial|page|plane|word";

/** What the gate refuses, in docs and code alike. */
export const phrasings: readonly Phrasing[] = [
  {
    // Not Optuna's `study.tell()`.
    pattern: /(?<!\.)\b(tell|tells|told|telling)\b/i,
    instead: "say, report, specify",
  },
  { pattern: /\b(go|goes|going|went) on\b/i, instead: "continue" },
  {
    pattern: /\b(pass|passes|passed|passing) over\b/i,
    instead: "skip",
  },
  { pattern: /\bat hand\b/i, instead: "current, available; or leave it out" },
  { pattern: /\bthat (is|are) none\b/i, instead: "not one, none" },
  { pattern: /\blest\b/i, instead: "so that … not" },
  { pattern: /\ball that is (wrong|there)\b/i, instead: "every problem found" },
  { pattern: /\bone time of\b/i, instead: "one time point" },
  { pattern: /\bnothing foreign\b/i, instead: "no files of other runs" },
  { pattern: /\bas ever\b/i, instead: "as before, unchanged" },
  { pattern: /\b(thereby|therein|thereof|whence)\b/i, instead: "so, with it" },
  {
    pattern: /\b(dots|pixels) an? (inch|meter|centimeter)\b/i,
    instead: "dots per inch",
  },
  { pattern: /\bwhat is lowered\b/i, instead: "the loss function" },
  { pattern: /\bwhat can compute\b/i, instead: "compute backends" },
  { pattern: /\blooks? so\b/i, instead: "of this type" },
  { pattern: /\bsuffices?\b/i, instead: "is enough" },
  { pattern: /\bheed(s|ed|ing)?\b/i, instead: "respect, use, react to" },
  { pattern: /\bwhat a person decides\b/i, instead: "the settings of" },
  { pattern: /\bapproximate values\b/i, instead: "lossy" },
  {
    pattern: /\bpackages? of bioimage\.io\b/i,
    instead: "bioimage.io package",
  },
  {
    pattern: /\b(images?|labels?) of OME-Zarr\b/i,
    instead: "OME-Zarr image",
  },
  {
    pattern: /\b(install(s|ed)?|download(s|ed)?|package) by pip\b/i,
    instead: "with pip",
  },
  { pattern: /\bin vain\b/i, instead: "without effect, stale" },
  {
    pattern: /\b(is|are|was|were) done before\b/i,
    instead: "finished earlier, skipped",
  },
  { pattern: /\bwhole or not at all\b/i, instead: "atomically" },
  { pattern: /\bfound no --/i, instead: "expected --" },
  {
    pattern: /\b1 (images|errors|files|objects|warnings|masks|nuclei)\b/,
    instead: "1 image, 1 error",
  },
  {
    pattern: new RegExp(
      `\\b(one|two|three|four|\\d+|[Bb]ytes|ms|s|seconds|[Mm]egapixels|MB|KB|` +
        `masks?|[Tt]iles|[Ss]teps|[Ii]mages|files|[Pp]ixels|names?|rows?|times)\\s+an? (${counted})\\b`,
    ),
    instead: "per: one mask per nucleus",
  },
];

/** The phrasings that a line holds. */
export function phrasingsIn(line: string): Phrasing[] {
  return phrasings.filter(({ pattern }) => pattern.test(line));
}
