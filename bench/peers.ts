import { fromFileUrl } from "@std/path";
import type { Mode } from "./shapes.ts";

/** What is to be known of a peer. */
export interface Peer {
  /** The script that measures it, in this folder. */
  readonly script: string;
  /** The Python modules that the script needs. */
  readonly modules: readonly string[];
  /** What it computes with, by mode; a mode that it lacks has none. */
  readonly precisions: Readonly<Record<Mode, readonly string[]>>;
  /** Whether it reads the network that our `export` writes. */
  readonly readsOnnx: boolean;
}

const torch = {
  script: "devices_peer.py",
  modules: ["torch"],
  precisions: { train: ["float32", "bf16"], infer: ["float32", "bf16"] },
  readsOnnx: false,
} as const;

/** The peers, by name. */
const peers = {
  torch,
  // It takes minutes to compile, once per precision and mode.
  "torch-compile": {
    ...torch,
    precisions: { train: ["float32"], infer: ["float32"] },
  },
  tensorflow: {
    ...torch,
    script: "devices_peer_tensorflow.py",
    modules: ["tensorflow"],
  },
  openvino: {
    script: "devices_peer_openvino.py",
    modules: ["openvino", "nncf"],
    precisions: { train: [], infer: ["float32", "int8"] },
    readsOnnx: true,
  },
  onnxruntime: {
    script: "devices_peer_onnxruntime.py",
    modules: ["onnxruntime"],
    precisions: { train: [], infer: ["float32"] },
    readsOnnx: true,
  },
} as const satisfies Record<string, Peer>;

/** Somebody else's program that computes the same network. */
export type PeerName = keyof typeof peers;

/** The names of all peers. */
export const peerNames = Object.keys(peers) as PeerName[];

/** The peers that run where a person names none. */
export const usualPeers: readonly PeerName[] = [
  "torch",
  "openvino",
  "onnxruntime",
];

/** Whether a peer has that name. */
export function isPeerName(name: string): name is PeerName {
  return Object.hasOwn(peers, name);
}

/** What is to be known of a peer. */
export function peerOf(name: PeerName): Peer {
  return peers[name];
}

/** The path of a peer's script. */
export function scriptOf(name: PeerName): string {
  return fromFileUrl(new URL(peers[name].script, import.meta.url));
}
