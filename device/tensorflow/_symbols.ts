/**
 * The functions of TensorFlow's C API that are called, with their types: the
 * one place that states them (`tensorflow/c/c_api.h`, `c/eager/c_api.h`).
 *
 * Pointers to what TensorFlow owns travel as whole numbers, texts and arrays
 * of ours as buffers, and texts of TensorFlow's as pointers. `memcpy` and
 * `dlopen` are libc's, which the library brings along.
 */
export const symbols = {
  // The library.
  dlopen: { parameters: ["buffer", "i32"], result: "u64" },
  TF_Version: { parameters: [], result: "pointer" },
  TF_NewStatus: { parameters: [], result: "u64" },
  TF_DeleteStatus: { parameters: ["u64"], result: "void" },
  TF_GetCode: { parameters: ["u64"], result: "i32" },
  TF_Message: { parameters: ["u64"], result: "pointer" },

  // The context, and the devices in it.
  TFE_NewContextOptions: { parameters: [], result: "u64" },
  TFE_ContextOptionsSetConfig: {
    parameters: ["u64", "buffer", "usize", "u64"],
    result: "void",
  },
  TFE_DeleteContextOptions: { parameters: ["u64"], result: "void" },
  TFE_NewContext: { parameters: ["u64", "u64"], result: "u64" },
  TFE_DeleteContext: { parameters: ["u64"], result: "void" },
  TFE_ContextListDevices: { parameters: ["u64", "u64"], result: "u64" },
  TF_DeviceListCount: { parameters: ["u64"], result: "i32" },
  TF_DeviceListName: { parameters: ["u64", "i32", "u64"], result: "pointer" },
  TF_DeviceListType: { parameters: ["u64", "i32", "u64"], result: "pointer" },
  TF_DeleteDeviceList: { parameters: ["u64"], result: "void" },

  // Tensors in the memory of the processor.
  TF_AllocateTensor: {
    parameters: ["i32", "buffer", "i32", "usize"],
    result: "u64",
  },
  TF_DeleteTensor: { parameters: ["u64"], result: "void" },
  TF_TensorData: { parameters: ["u64"], result: "u64" },
  TF_TensorByteSize: { parameters: ["u64"], result: "usize" },
  copyIn: {
    name: "memcpy",
    parameters: ["u64", "buffer", "usize"],
    result: "u64",
  },
  copyOut: {
    name: "memcpy",
    parameters: ["buffer", "u64", "usize"],
    result: "u64",
  },

  // Texts in tensors, 24 bytes each.
  TF_StringInit: { parameters: ["u64"], result: "void" },
  TF_StringCopy: { parameters: ["u64", "buffer", "usize"], result: "void" },
  TF_StringGetDataPointer: { parameters: ["u64"], result: "u64" },
  TF_StringGetSize: { parameters: ["u64"], result: "usize" },
  TF_StringDealloc: { parameters: ["u64"], result: "void" },

  // Handles of tensors, wherever these lie.
  TFE_NewTensorHandle: { parameters: ["u64", "u64"], result: "u64" },
  TFE_DeleteTensorHandle: { parameters: ["u64"], result: "void" },
  TFE_TensorHandleDataType: { parameters: ["u64"], result: "i32" },
  TFE_TensorHandleNumDims: { parameters: ["u64", "u64"], result: "i32" },
  TFE_TensorHandleDim: { parameters: ["u64", "i32", "u64"], result: "i64" },
  TFE_TensorHandleResolve: { parameters: ["u64", "u64"], result: "u64" },
  TFE_TensorHandleDeviceName: {
    parameters: ["u64", "u64"],
    result: "pointer",
  },
  TFE_TensorHandleCopyToDevice: {
    parameters: ["u64", "u64", "buffer", "u64"],
    result: "u64",
  },

  // Operations.
  TFE_NewOp: { parameters: ["u64", "buffer", "u64"], result: "u64" },
  TFE_DeleteOp: { parameters: ["u64"], result: "void" },
  TFE_OpAddInput: { parameters: ["u64", "u64", "u64"], result: "void" },
  TFE_OpSetAttrString: {
    parameters: ["u64", "buffer", "buffer", "usize"],
    result: "void",
  },
  TFE_OpSetAttrInt: { parameters: ["u64", "buffer", "i64"], result: "void" },
  TFE_OpSetAttrFloat: { parameters: ["u64", "buffer", "f32"], result: "void" },
  TFE_OpSetAttrBool: { parameters: ["u64", "buffer", "u8"], result: "void" },
  TFE_OpSetAttrType: { parameters: ["u64", "buffer", "i32"], result: "void" },
  TFE_OpSetAttrShape: {
    parameters: ["u64", "buffer", "buffer", "i32", "u64"],
    result: "void",
  },
  TFE_OpSetAttrIntList: {
    parameters: ["u64", "buffer", "buffer", "i32"],
    result: "void",
  },
  TFE_OpSetAttrFloatList: {
    parameters: ["u64", "buffer", "buffer", "i32"],
    result: "void",
  },
  TFE_OpSetAttrBoolList: {
    parameters: ["u64", "buffer", "buffer", "i32"],
    result: "void",
  },
  TFE_OpSetAttrTypeList: {
    parameters: ["u64", "buffer", "buffer", "i32"],
    result: "void",
  },
  TFE_Execute: {
    parameters: ["u64", "buffer", "buffer", "u64"],
    result: "void",
  },
} as const;
