/**
 * pip's build of TensorFlow 2.21 for processors. Which Python it is made for
 * does not matter: only its C library is used.
 */
export const tensorflowWheel = {
  /** What pip is asked for, and its checksum. */
  requirement: "tensorflow-cpu==2.21.0",
  sha256: "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
  /** Which of its builds. */
  build: [
    ...["--implementation", "cp", "--python-version", "3.11"],
    ...["--abi", "cp311", "--platform", "manylinux_2_27_x86_64"],
  ],
  /** The wheel's size. */
  bytes: 273_829_956,
  /** Its folder among the devices in the cache. */
  folder: "tensorflow-2.21.0",
  /** The files that stay, and their sizes. */
  files: {
    "tensorflow/libtensorflow_cc.so.2": 788_086_608,
    "tensorflow/libtensorflow_framework.so.2": 65_222_328,
  },
  /** Their checksums. */
  sha256s: {
    "tensorflow/libtensorflow_cc.so.2":
      "6505a4b9657e62100c6bdacb683957a395cb047725042945aaa50e40a71e429e",
    "tensorflow/libtensorflow_framework.so.2":
      "f060b323b26ef80add21b9df9428de3aeaf2843d772c5bb098745f7abff3709b",
  },
  /** The folder in the wheel that holds its licenses. */
  about: "tensorflow_cpu-2.21.0.dist-info",
} as const;
