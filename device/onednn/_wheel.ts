/**
 * pip's build of oneDNN 3.1, the last one with Winograd convolutions for x64.
 */
export const onednnWheel = {
  /** What pip is asked for, and its checksum. */
  requirement: "onednn-cpu-gomp==2023.1.0",
  sha256: "5635b0c0ea5d9ae0688fbab8346c465c40cb0db3a5db39ff744353ccda435cac",
  /** The wheel's size. */
  bytes: 38_677_868,
  /** Its folder among the devices in the cache. */
  folder: "onednn-2023.1.0",
  /** The library's file in that folder, its size and its checksum. */
  library: "libdnnl.so.3",
  libraryBytes: 52_820_536,
  librarySha256:
    "60f42f4a1a05559fa5a8334d2b6fda59ee93e6c4cdd2707287625a53ef398f9f",
  /** Which entry of the wheel becomes which file. */
  entries: {
    "onednn_cpu_gomp-2023.1.0.data/data/lib/libdnnl.so.3.1": "libdnnl.so.3",
    "onednn_cpu_gomp-2023.1.0.data/data/share/doc/onednn/LICENSE": "LICENSE",
    "onednn_cpu_gomp-2023.1.0.data/data/share/doc/onednn/THIRD-PARTY-PROGRAMS":
      "THIRD-PARTY-PROGRAMS",
  },
} as const;
