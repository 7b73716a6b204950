/**
 * The threads of the page, in one file: one keeps images and masks and answers
 * the page, one runs the network.
 *
 * @module
 */
import { answerNetwork } from "./network/network_thread.ts";
import { answerPage } from "./room/room_thread.ts";

/** The first message to a thread. */
export type ThreadStart =
  | { readonly role: "room"; readonly network: MessagePort }
  | {
    readonly role: "network";
    readonly port: MessagePort;
    readonly wasm: Readonly<Record<string, string>>;
  };

self.onmessage = ({ data }: MessageEvent<ThreadStart>) => {
  if (data.role === "room") answerPage(data.network);
  else answerNetwork(data.port, data.wasm);
};
