import * as tf from "@tensorflow/tfjs-core";
import type { DataLoader } from "@unet/data";
import type { Model } from "@unet/model";
import type { Loss } from "./loss.ts";
