import * as tf from "@tensorflow/tfjs-core";
import { openDevice } from "@unet/device";
await openDevice("cpu");
const shapes:[number,number,number,number][]=[[8,128,4,4],[8,64,8,8],[8,32,16,16],[8,16,32,32],[8,128,8,4],[8,128,3,4]];
const bench=(f:()=>any)=>{let b=1e9;for(let i=0;i<14;i++){const t=performance.now();const o=f();b=Math.min(b,performance.now()-t);tf.dispose(o);}return b;};
const at={strides:[1,1],pad:"same",dataFormat:"NHWC",dilations:[1,1]};
for(let round=0;round<2;round++)
for(const [n,s,c,o] of shapes){
  const x=tf.randomNormal([n,s,s,c]),w=tf.randomNormal([3,3,c,o]),dy=tf.randomNormal([n,s,s,o]);
  const fl=2*n*s*s*9*c*o/1e6;
  const r=(k:string,i:any,a:any)=>tf.engine().runKernel(k,i,a as any);
  const f=bench(()=>r("Conv2D",{x,filter:w},at)),g=bench(()=>r("Conv2DBackpropInput",{dy,filter:w},{...at,inputShape:x.shape})),h=bench(()=>r("Conv2DBackpropFilter",{x,dy},{...at,filterShape:w.shape}));
  console.log([n,s,c,o].join(),"conv",f.toFixed(1),(fl/f).toFixed(2),"dx",g.toFixed(1),(fl/g).toFixed(2),"dw",h.toFixed(1),(fl/h).toFixed(2));
}
