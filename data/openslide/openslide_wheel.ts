import type { Wheel } from "@unet/native";

/** The version of OpenSlide that is installed. */
export const openslideVersion = "4.0.1";

const requirement = "openslide-bin==4.0.1.2";

/** The licenses of OpenSlide, and of the libraries that are linked into it. */
const licenses = {
  "openslide_bin-4.0.1.2.dist-info/licenses/": "licenses/",
} as const;

function wheelOf(
  library: string,
  sizes: Pick<
    Wheel,
    "bytes" | "sha256" | "libraryBytes" | "librarySha256"
  >,
): Wheel {
  const entries = { [`openslide_bin/${library}`]: library, ...licenses };
  return { requirement, library, entries, ...sizes };
}

const forMac = wheelOf("libopenslide.1.dylib", {
  bytes: 3_208_622,
  sha256: "230cdb1e2cfa88b9f28ca8f51a7b47065b20a855ad3e7ba141cd663e5a713e8c",
  libraryBytes: 8_165_848,
  librarySha256:
    "f31fd20609d00b0348d66b08dd5cded12bd7ae0d312aa357e5e556a87dc546f2",
});

/** pip's builds of OpenSlide, by the platform as Deno calls it. */
const wheels: Readonly<Record<string, Wheel>> = {
  "x86_64-unknown-linux-gnu": wheelOf("libopenslide.so.1", {
    bytes: 2_758_562,
    sha256: "8ac4aa3a2277ed5e218ca0019db65bdd6e853f865eb4edd3da00e2f4acf0c923",
    libraryBytes: 6_398_136,
    librarySha256:
      "552b5b77901bc9c7e7cc6e02a0b4f2861ffa85572b036a063db4f19ed2f357df",
  }),
  "aarch64-unknown-linux-gnu": wheelOf("libopenslide.so.1", {
    bytes: 2_660_275,
    sha256: "0dff14807e1b7ccfd476ca5b6945edf46908b76ec61777d35acb2a514e205c30",
    libraryBytes: 6_033_512,
    librarySha256:
      "71ee1bc265a5322a8d83a811faedd3473483a4c8e810e9725897830b01e56639",
  }),
  "x86_64-apple-darwin": forMac,
  "aarch64-apple-darwin": forMac,
  "x86_64-pc-windows-msvc": wheelOf("libopenslide-1.dll", {
    bytes: 3_852_125,
    sha256: "0c882f0693e4b43e187a51469bff8057de381e865765ac5508a7e1feba319116",
    libraryBytes: 8_704_019,
    librarySha256:
      "dc8e35ad0ce001c4e878f2bebc23e87fb85d2bdebec5a542af2ecec3cb5cd635",
  }),
};

/** pip's build of OpenSlide for a platform; undefined where it has none. */
export function openslideWheel(
  target: string = Deno.build.target,
): Wheel | undefined {
  return Object.hasOwn(wheels, target) ? wheels[target] : undefined;
}
