import {
  backend_util,
  type KernelConfig,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type {
  WebGPUBackend,
  WebGPUProgram,
} from "@tensorflow/tfjs-backend-webgpu";

const workgroup = 64;

/** For each pixel, what the windows give it in which it is the first maximum. */
const shader = `
fn main(index : i32) {
  if (index < uniforms.size) {
    let coords = getCoordsFromIndex(index);
    let batch = coords[0];
    let channel = coords[3];
    let own = getX(batch, coords[1], coords[2], channel);
    var sum = 0.0;
    for (var tapRow = 0; tapRow < uniforms.window.x; tapRow++) {
      let top = coords[1] + uniforms.pads.x - tapRow;
      if (top < 0 || top % uniforms.strides.x != 0) { continue; }
      let row = top / uniforms.strides.x;
      if (row >= uniforms.outSize.x) { continue; }
      for (var tapColumn = 0; tapColumn < uniforms.window.y; tapColumn++) {
        let left = coords[2] + uniforms.pads.y - tapColumn;
        if (left < 0 || left % uniforms.strides.y != 0) { continue; }
        let column = left / uniforms.strides.y;
        if (column >= uniforms.outSize.y) { continue; }
        var isFirst = true;
        for (var r = 0; r < uniforms.window.x; r++) {
          let xRow = top - uniforms.pads.x + r;
          if (xRow < 0 || xRow >= uniforms.inSize.x) { continue; }
          for (var c = 0; c < uniforms.window.y; c++) {
            let xColumn = left - uniforms.pads.y + c;
            if (xColumn < 0 || xColumn >= uniforms.inSize.y) { continue; }
            let other = getX(batch, xRow, xColumn, channel);
            let isBefore = r < tapRow || (r == tapRow && c < tapColumn);
            if (other > own || (isBefore && other == own)) { isFirst = false; }
          }
        }
        if (isFirst) { sum += getDy(batch, row, column, channel); }
      }
    }
    setOutputAtIndex(index, sum);
  }
}
`;

/**
 * The gradient of max pooling. tfjs' own gives it to the last of several
 * maxima; every other device, and PyTorch, to the first.
 */
export function maxPoolGrad(): KernelConfig {
  return {
    kernelName: "MaxPoolGrad",
    backendName: "webgpu",
    kernelFunc({ inputs, attrs, backend }) {
      const { dy, input } = inputs as Record<"dy" | "input", TensorInfo>;
      const { padInfo, ...info } = backend_util.computePool2DInfo(
        input.shape as [number, number, number, number],
        attrs!.filterSize as number,
        attrs!.strides as number,
        1,
        attrs!.pad as "valid",
        attrs!.dimRoundingMode as "floor",
      );
      const size = input.shape.reduce((a, b) => a * b, 1);
      const program: WebGPUProgram = {
        variableNames: ["dy", "x"],
        uniforms: "window : vec2<i32>, strides : vec2<i32>, " +
          "pads : vec2<i32>, inSize : vec2<i32>, outSize : vec2<i32>,",
        workgroupSize: [workgroup, 1, 1],
        size: true,
        outputShape: input.shape,
        dispatchLayout: { x: [0, 1, 2, 3] },
        dispatch: [Math.ceil(size / workgroup), 1, 1],
        shaderKey: "unetMaxPoolGrad",
        getUserCode: () => shader,
      };
      const pairs = [
        [info.filterHeight, info.filterWidth],
        [info.strideHeight, info.strideWidth],
        [padInfo.top, padInfo.left],
        [info.inHeight, info.inWidth],
        [info.outHeight, info.outWidth],
      ];
      return (backend as WebGPUBackend).runWebGPUProgram(
        program,
        [dy, input],
        "float32",
        pairs.map((data) => ({ type: "int32", data })),
      );
    },
  };
}
