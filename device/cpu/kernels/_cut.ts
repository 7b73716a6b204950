/** dy where y > 0, else 0: the gradient of ReLU. */
export function cut(dy: Float32Array, y: Float32Array): Float32Array {
  const out = new Float32Array(dy.length);
  for (let i = 0; i < dy.length; i++) out[i] = y[i]! > 0 ? dy[i]! : 0;
  return out;
}
