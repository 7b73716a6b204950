import { openDevice } from "@unet/device";
import * as tf from "@tensorflow/tfjs-core";
import { runKernel } from "@unet/device/run-kernel";
const d = await openDevice("wasm");
for (const [n,h,c,k] of [[2,256,16,16],[2,128,32,32],[4,64,64,64],[4,32,128,128],[4,16,128,128],[2,256,8,8],[2,256,24,8],[1,256,16,8]] as const) {
  const x = tf.randomUniform([n,h,h,c], -1, 1), w = tf.randomUniform([3,3,c,k], -1, 1);
  const y = tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same");
  const want = await (async () => { const xs = await x.data(), ws = await w.data(); const out: number[] = []; const pts: number[][] = []; for (let q=0;q<200;q++) { const nn=q%n, yy=[0,h-1,Math.floor(Math.random()*h)][q%3]!, xx=[0,Math.floor(Math.random()*h),h-1][q%5%3]!, kk=Math.floor(Math.random()*k); let s=0; for (let a=0;a<3;a++) for (let b=0;b<3;b++) { const r=yy+a-1, cc=xx+b-1; if (r<0||cc<0||r>=h||cc>=h) continue; for (let i=0;i<c;i++) s+=xs[((nn*h+r)*h+cc)*c+i]!*ws[((a*3+b)*c+i)*k+kk]!; } out.push(s); pts.push([nn,yy,xx,kk]); } return {out,pts}; })();
  const ys = await y.data(); let worst=0; want.pts.forEach(([nn,yy,xx,kk],q) => worst=Math.max(worst,Math.abs(want.out[q]!-ys[((nn!*h+yy!)*h+xx!)*k+kk!]!)));
  let best=1e9; for (let i=0;i<8;i++){ const t=performance.now(); const z=tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D,1,"same"); z.dataSync(); best=Math.min(best,performance.now()-t); z.dispose(); }
  console.log([n,h,c,k].join(), "err", worst.toExponential(1), best.toFixed(1),"ms",(2*9*n*h*h*c*k/best/1e6).toFixed(0),"GFLOPS");
}
Deno.exit();
