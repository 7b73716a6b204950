/**
 * The commands there are, in the order of the help, and what each does, in a
 * line: all that the list of commands needs, so that it loads none of them.
 */
export const commandSummaries = {
  check: "opens every image and mask and lists every problem",
  train: "trains a network on images and their masks",
  tune: "searches for good settings of train in a study, or shows one",
  segment: "segments images with a trained model",
  studio: "shows and segments the images of a folder in the browser",
  serve: "answers requests over HTTP with trained models",
  import: "turns annotations of other programs into images and masks",
  merge: "merges the manifests of a batch's shards",
  evaluate: "scores a trained model on images with masks",
  devices: "lists the available compute backends",
  summary: "lists the layers of a network or a trained model",
  calibrate: "prepares a trained model for --precision int8",
  export: "writes a trained model for other programs",
  synth: "draws images of nuclei with exact masks, to try the program",
  "lr-range": "suggests a learning rate, from a range test and short trainings",
  install: "adds the command unet to your folder of commands",
} as const;

/** A command's name. */
export type CommandName = keyof typeof commandSummaries;
