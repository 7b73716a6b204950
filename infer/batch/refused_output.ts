import { FileError } from "@unet/errors";

/** An output that stays as it is, because a run may not replace or add to it. */
export class RefusedOutput extends FileError {}
