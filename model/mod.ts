/**
 * Four families of U-Nets: the report's network, with a VGG-16 encoder named as
 * in torchvision, four convolutions at the bottom and a five-step decoder;
 * segmentation_models.pytorch's with ResNet-34 and ResNet-50; and the Paper's.
 * They train and run on any tfjs backend, start from PyTorch weights, and are
 * saved as safetensors, `.pth` or ONNX.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { createModel } from "@unet/model";
 * import { createRandom } from "@unet/random";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel({ width: 0.05 }, createRandom(0));
 * const images = tf.zeros<tf.Rank.R4>([2, 32, 32, 3]);
 * const logits = model.forward(images, { training: false });
 * assertEquals(logits.shape, [2, 32, 32, 1]);
 * tf.dispose([images, logits]);
 * model.dispose();
 * ```
 *
 * @module
 */
export * from "./find_model_file.ts";
export * from "./foreign_file.ts";
export * from "./imagenet_weights.ts";
export {
  type FeatureLimits,
  type FeatureObserver,
  measureFeatures,
} from "./int8.ts";
export {
  hashModel,
  loadFeatureLimits,
  saveFeatureLimits,
} from "./int8_file.ts";
export type {
  AddNode,
  BaseNode,
  ConvolutionNode,
  CropNode,
  DropoutNode,
  Graph,
  GraphNode,
  HeadNode,
  ImageNode,
  PoolNode,
  UpNode,
} from "./graph/node.ts";
export type {
  AnyNetwork,
  CustomNetwork,
  CustomNetworks,
} from "./networks/custom_network.ts";
export { nameOfNetwork } from "./networks/custom_network.ts";
export * from "./networks/graph_of.ts";
export * from "./networks/network.ts";
export * from "./networks/networks.ts";
export type { Extent } from "./graph/extent.ts";
export type {
  ConvolutionSpec,
  Feature,
  UpSpec,
} from "./graph/graph_builder.ts";
export { GraphBuilder } from "./graph/graph_builder.ts";
export type { SizeRule } from "./graph/size_rule.ts";
export * from "./map_weights.ts";
export * from "./keep_heads.ts";
export * from "./load_model.ts";
export * from "./model_file.ts";
export * from "./model_file_name.ts";
export * from "./plan.ts";
export * from "./pretrained.ts";
export * from "./published_model.ts";
export * from "./quantize_kernels.ts";
export * from "./files/safetensors.ts";
export * from "./onnx/onnx_options.ts";
export * from "./onnx/output_channel_names.ts";
export * from "./onnx/serialize_onnx.ts";
export * from "./files/serialize_torch.ts";
export * from "./sizes.ts";
export * from "./summary.ts";
export * from "./files/torch_file.ts";
export * from "./files/torch_layout.ts";
export * from "./files/weights_file.ts";
export type { ForwardOptions, Model, SharedBatch } from "./model.ts";
export { createModel } from "./create_model.ts";
