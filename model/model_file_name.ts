/** The name of a model's file inside its folder. */
export const modelFileName = "model.safetensors";
