import { assert, assertEquals } from "@std/assert";
import { isTestFile, memberOf, read, sources } from "./workspace.ts";

/**
 * Files with derivatives worked out by hand, and what each gains over those of
 * the functions that it calls, which `device/gradients.ts` has.
 */
const byHand: Readonly<Record<string, string>> = {
  "model/operations/add_relu.ts": "one fused kernel",
  "model/operations/announce_gradient.ts":
    "reports a gradient while the backward pass runs",
  "model/operations/concatenate.ts":
    "frees the gradient early, keeps no input, skips what nothing needs",
  "model/operations/convolution_block.ts":
    "fused kernels; keeps one tensor of convolution, batch norm and ReLU",
  "model/operations/crop.ts": "frees the gradient early, keeps no input",
  "model/operations/dropout.ts": "keeps the mask alone, not the features",
  "model/operations/frozen_batch_norm.ts":
    "keeps the factor alone, not the weights before and after it",
  "model/operations/head_convolution.ts": "fused kernels",
  "model/operations/max_pool.ts": "frees features and gradient early",
  "model/operations/up_concatenate.ts": "fused kernels",
  "model/operations/up_convolution.ts":
    "fused kernels; frees the gradient early",
  "model/operations/up_nearest.ts": "one fused kernel",
  "model/operations/without_gradient.ts": "no derivative at all",
  "train/losses/channels_of.ts":
    "concatenates zeros, for which every device has a kernel",
  "train/losses/loss_term.ts":
    "reads the logits once, stable where exp overflows",
  "train/losses/regression_loss.ts":
    "fused kernels, which skip the pixels without an object",
  "train/losses/sigmoid_loss.ts": "fused kernels",
  "train/parallel/loss_of_share.ts":
    "passes through numbers that come from other processes",
};

Deno.test("derivatives are worked out by hand only where that gains something", () => {
  const found = sources.filter((path) =>
    !isTestFile(path) && !["tests", "bench"].includes(memberOf(path)) &&
    /\btf\.customGrad\(/.test(read(path))
  );
  assertEquals(found, Object.keys(byHand));
  for (const gain of Object.values(byHand)) assert(gain.length > 10);
});
