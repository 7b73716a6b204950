import * as tf from "@tensorflow/tfjs-core";
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { openDevice } from "@unet/device";
tf.copyRegisteredKernels("cpu","stock"); tf.registerBackend("stock",()=>new MathBackendCPU());
const d=await openDevice("cpu"); console.log(d.gflops);
const bench=(f:()=>any,least=3)=>{let b=1e9;const s=performance.now();for(let i=0;i<12&&(i<least||performance.now()-s<6000);i++){const t=performance.now();const o=f();b=Math.min(b,performance.now()-t);tf.dispose(o);}return b;};
const at={strides:[1,1],pad:"same",dataFormat:"NHWC",dilations:[1,1]};
const r=(k:string,i:any,a:any={})=>tf.engine().runKernel(k,i,a as any);
const rows:Record<string,string[]>={};
for(const [n,s,c] of [[8,64,8],[8,32,16],[8,16,32]] as const){
 for(const b of ["stock","cpu"]){
  await tf.setBackend(b);
  const x=tf.randomNormal([n,s,s,c]) as any,w=tf.randomNormal([3,3,c,c]),dy=tf.randomNormal([n,s,s,c]);
  const u=tf.randomNormal([2,2,c/2,c]);const g=tf.randomNormal([c]),v=tf.abs(g) as any;
  const has=(k:string)=>!!tf.getKernel(k,b);
  const add=(k:string,f:()=>any)=>{(rows[k]??=[]).push(bench(f).toFixed(2));};
  add("conv",()=>r("Conv2D",{x,filter:w},at));
  add("dx",()=>r("Conv2DBackpropInput",{dy,filter:w},{...at,inputShape:x.shape}));
  add("dw",()=>r("Conv2DBackpropFilter",{x,dy},{...at,filterShape:w.shape}));
  add("up",()=>r("Conv2DBackpropInput",{dy:x,filter:u},{strides:2,pad:"valid",dataFormat:"NHWC",inputShape:[n,2*s,2*s,c/2]}));
  add("bn",()=>has("UnetBatchNormTrain")?r("UnetBatchNormTrain",{x,scale:g,offset:g},{epsilon:1e-5,relu:true}):tf.tidy(()=>{const m=tf.mean(x,[0,1,2]),va=tf.mean(tf.square(tf.sub(x,m)),[0,1,2]);return tf.relu(tf.batchNorm(x,m as any,va as any,g as any,g as any,1e-5));}));
  const y=tf.relu(x);
  add("bngrad",()=>has("UnetBatchNormTrainGrad")?r("UnetBatchNormTrainGrad",{dy,x,y,scale:g,mean:g,variance:v},{epsilon:1e-5,relu:true}):tf.tidy(()=>{const cut=tf.mul(dy,tf.step(y));const inv=tf.rsqrt(tf.add(v,1e-5));const no=tf.mul(tf.sub(x,g),inv);const a=tf.sum(cut,[0,1,2]),e=tf.sum(tf.mul(cut,no),[0,1,2]);return [tf.mul(tf.sub(tf.sub(cut,tf.div(a,9)),tf.mul(no,tf.div(e,9))),tf.mul(g,inv)),a,e].map(t=>tf.keep(t));}) as any);
  const p=tf.maxPool(x,2,2,"valid");
  add("poolgrad",()=>r("MaxPoolGrad",{dy:p,input:x,output:p},{filterSize:2,strides:2,pad:"valid"}));
  add("pool",()=>r("MaxPool",{x},{filterSize:2,strides:2,pad:"valid"}));
  add("concat",()=>tf.concat([x,dy] as any,3));
  add("slice",()=>tf.slice(x,[0,0,0,0],[-1,-1,-1,c/2]));
  add("sum",()=>tf.sum(x,[0,1,2]));
  add("bias",()=>tf.add(x,g));
  add("addsame",()=>tf.add(x,dy));
  console.log(b,n,s,c);
 }}
for(const [k,v] of Object.entries(rows))console.log(k.padEnd(9),v.map((t,i)=>i%2?"→ "+t+" |":t).join(" "));
