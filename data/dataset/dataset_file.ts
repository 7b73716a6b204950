/** A file of a dataset, in a folder or in a zip. */
export interface DatasetFile {
  /** Its path within the dataset, with "/" between the parts. */
  readonly name: string;
  /** Its path for messages, with the dataset's own in front. */
  readonly path: string;
  /** Where it lies on the disk; absent in a zip. */
  readonly diskPath?: string;
  /** Bytes, once unpacked. */
  readonly size: number;
  /** Bytes that it takes: packed in a zip, else its size. */
  readonly stored: number;
  /**
   * What changes when the content does: the modification time in a folder, the
   * CRC-32 in a zip.
   */
  readonly stamp: string;
  /**
   * Reads the file, and checks a zip's CRC-32.
   *
   * @returns The whole content.
   * @throws {FileError} If it cannot be read or is damaged.
   */
  read(): Promise<Uint8Array>;
  /**
   * Reads a part of the file, fewer bytes at its end; present where that takes
   * no more than the part, as of an entry that a zip stores unpacked.
   *
   * @throws {FileError} If it cannot be read.
   */
  readonly readPart?: (offset: number, length: number) => Uint8Array;
  /**
   * Finds the file of a name in the same folder, as an OME-TIFF's that lies in
   * several; absent where the folder is not known.
   */
  readonly beside?: (name: string) => DatasetFile | undefined;
}
