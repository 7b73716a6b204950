import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { graphMessage } from "./graph_message.ts";
import {
  type Fill,
  putBytes,
  putDouble,
  putFloat,
  putMessage,
  putText,
  putWhole,
} from "./protobuf_fields.ts";
import type { EventValue, TrainingEvent } from "./training_event.ts";

/** Where and when an event of TensorBoard is. */
export interface MessagePlace {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The step. */
  readonly step: number;
}

/**
 * The first event of a file: that it is one.
 *
 * @param place When it was made.
 */
export function versionMessage(place: MessagePlace): Uint8Array {
  return eventOf(place, (writer) => putText(writer, 3, "brain.Event:2"));
}

/**
 * Takes back what earlier files say of a step and of later ones.
 *
 * @param place The step.
 */
export function restartMessage(place: MessagePlace): Uint8Array {
  const start = 1;
  return eventOf(place, (writer) => {
    putMessage(writer, 7, (writer) => putWhole(writer, 1, start));
  });
}

/**
 * An event as TensorBoard's messages: numbers as scalars, hyperparameters and
 * the end for the plugin hparams, the network as a graph.
 *
 * @param event The event.
 * @returns The messages, each for a record of its own.
 */
export function eventMessages(event: TrainingEvent): Uint8Array[] {
  switch (event.kind) {
    case "start":
      return [
        eventOf(
          event,
          (writer) => putBytes(writer, 4, graphMessage(event.graph)),
        ),
        summaryOf(event, [hyperparameters("session_start_info", (writer) => {
          putMessage(writer, 3, sessionStart(event));
        })]),
      ];
    case "resume":
      return [];
    case "step":
    case "epoch":
      return [
        summaryOf(
          event,
          Object.entries(event.values).flatMap(([name, value]) =>
            typeof value === "number"
              ? [scalar(`${event.kind}/${name}`, value)]
              : []
          ),
        ),
      ];
    case "image":
      return [summaryOf(event, [image(`samples/${event.name}`, event.png)])];
    case "end":
      return [
        summaryOf(event, [hyperparameters("session_end_info", (writer) => {
          const success = 1, failure = 2;
          putMessage(writer, 4, (writer) => {
            putWhole(writer, 1, event.isSuccess ? success : failure);
            putDouble(writer, 2, event.time / 1000);
          });
        })]),
      ];
  }
}

function eventOf({ time, step }: MessagePlace, fill: Fill): Uint8Array {
  const writer = new BinaryWriter();
  putDouble(writer, 1, time / 1000);
  if (step > 0) putWhole(writer, 2, step);
  fill(writer);
  return writer.finish();
}

function summaryOf(place: MessagePlace, values: readonly Fill[]): Uint8Array {
  return eventOf(place, (writer) => {
    putMessage(writer, 5, (writer) => {
      for (const value of values) putMessage(writer, 1, value);
    });
  });
}

function scalar(tag: string, value: number): Fill {
  return (writer) => {
    putText(writer, 1, tag);
    putFloat(writer, 2, value);
  };
}

function image(tag: string, png: Uint8Array): Fill {
  // The first chunk of a PNG begins with width and height.
  const header = new DataView(png.buffer, png.byteOffset + 16, 8);
  const colors = 3;
  return (writer) => {
    putText(writer, 1, tag);
    putMessage(writer, 4, (writer) => {
      putWhole(writer, 1, header.getUint32(4));
      putWhole(writer, 2, header.getUint32(0));
      putWhole(writer, 3, colors);
      putBytes(writer, 4, png);
    });
  };
}

/** A summary whose content is in its metadata, as the plugin wants it. */
function hyperparameters(name: string, content: Fill): Fill {
  return (writer) => {
    putText(writer, 1, `_hparams_/${name}`);
    // It shows no summary without a value.
    putMessage(writer, 8, (writer) => {
      const float = 1;
      putWhole(writer, 1, float);
      putMessage(writer, 2, (writer) => {
        putMessage(writer, 2, (writer) => putWhole(writer, 1, 1));
      });
      putBytes(writer, 5, new Uint8Array(Float32Array.BYTES_PER_ELEMENT));
    });
    putMessage(writer, 9, (writer) => {
      putMessage(writer, 1, (writer) => {
        putText(writer, 1, "hparams");
        putMessage(writer, 2, content);
      });
    });
  };
}

function sessionStart({ time, values }: Extract<
  TrainingEvent,
  { kind: "start" }
>): Fill {
  return (writer) => {
    for (const [name, value] of Object.entries(values)) {
      putMessage(writer, 1, (writer) => {
        putText(writer, 1, name);
        putMessage(writer, 2, (writer) => putValue(writer, value));
      });
    }
    putDouble(writer, 5, time / 1000);
  };
}

/** A value as `google.protobuf.Value`. */
function putValue(writer: BinaryWriter, value: EventValue): void {
  if (typeof value === "number") putDouble(writer, 2, value);
  else if (typeof value === "string") putText(writer, 3, value);
  else if (value === null) putWhole(writer, 1, 0);
  else putWhole(writer, 4, Number(value));
}
