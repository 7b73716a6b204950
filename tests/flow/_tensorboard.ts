/** A Python that has TensorBoard, or why there is none. */
export type TensorBoard =
  | { readonly python: string; readonly absent: null }
  | { readonly python: null; readonly absent: string };

/**
 * Looks for TensorBoard in the Python that `UNET_TENSORBOARD` names, else in
 * `python3`.
 */
export async function findTensorBoard(): Promise<TensorBoard> {
  const python = Deno.env.get("UNET_TENSORBOARD") || "python3";
  try {
    const { success } = await new Deno.Command(python, {
      args: ["-c", "import tensorboard.backend.event_processing"],
      stdout: "null",
      stderr: "null",
    }).output();
    if (success) return { python, absent: null };
    return { python: null, absent: `${python} has no TensorBoard` };
  } catch {
    return { python: null, absent: `there is no ${python}` };
  }
}
